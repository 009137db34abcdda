-- What adding an outcome to the sums of its unit costs is mostly the indexes of unit_metrics: it keeps two of four.

-- How many units an arm has is noted with their exposures; nothing reads these rows.
DELETE FROM unit_metrics WHERE metric = 'exposure';

-- The key begins as a person's units are looked up, by way of their exposures, so that it needs no second index for that.
DROP INDEX unit_metrics_unit;
ALTER TABLE unit_metrics DROP CONSTRAINT unit_metrics_pkey, ADD PRIMARY KEY (organization_id, subject_id, unit_id, metric);

-- Order statistics are of rollouts' units that a test has seen.
DROP INDEX unit_metrics_arm;
CREATE INDEX unit_metrics_tested ON unit_metrics (organization_id, subject_id, metric, arm) WHERE closed_at IS NOT NULL AND subject_type = 'rollout';

-- Units whose first outcome no test takes in wait for nothing.
UPDATE unit_metrics u SET closed_at = learning_now() FROM learning_experiments e
WHERE u.closed_at IS NULL AND e.organization_id = u.organization_id AND e.id = u.subject_id
  AND EXISTS (SELECT FROM jsonb_array_elements(e.metrics) m WHERE m->>'name' = u.metric AND u.metric NOT IN ('error_rate', 'satisfaction')
    AND (m->>'kind' <> 'binary' OR m->>'role' = 'signal' OR m->>'per' = 'unit'));
