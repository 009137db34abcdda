-- The gate also says what single contributors did to what a version was trained on.

ALTER TABLE evaluation_reports DROP CONSTRAINT evaluation_reports_kind_check;
ALTER TABLE evaluation_reports ADD CONSTRAINT evaluation_reports_kind_check
  CHECK (kind IN ('gate', 'regression', 'safety', 'contributors'));
