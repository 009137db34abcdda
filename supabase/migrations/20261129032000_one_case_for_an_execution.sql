-- One active regression case for an execution, and for an example: the newest stays where there are more.

UPDATE regression_cases c SET is_active = false
WHERE c.is_active AND EXISTS (
  SELECT 1 FROM regression_cases o
  WHERE o.organization_id = c.organization_id AND o.is_active AND o.id > c.id
    AND (o.source_execution_id = c.source_execution_id OR o.learning_example_id = c.learning_example_id));
CREATE UNIQUE INDEX regression_cases_one_for_execution ON regression_cases (organization_id, source_execution_id) WHERE is_active;
CREATE UNIQUE INDEX regression_cases_one_for_example ON regression_cases (organization_id, learning_example_id) WHERE is_active;
