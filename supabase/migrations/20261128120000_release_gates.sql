-- What holds a version before it meets traffic: runs of the gate, the answers that they judged, slices and quarantine of cases.

ALTER TABLE regression_cases ADD COLUMN slices JSONB NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(slices) = 'array');
ALTER TABLE regression_cases ADD COLUMN source_feedback_id UUID;
-- A gate that read the cases before this moment did not hold a version to this one.
ALTER TABLE regression_cases ADD COLUMN pinned_at TIMESTAMPTZ NOT NULL DEFAULT learning_now();
-- From the last gate that repeated it: chance that two attempts disagree, and why the case is set aside.
ALTER TABLE regression_cases ADD COLUMN flakiness DECIMAL(4,3) CHECK (flakiness BETWEEN 0 AND 1);
ALTER TABLE regression_cases ADD COLUMN quarantine_reason TEXT;
UPDATE regression_cases SET pinned_at = created_at;
ALTER TABLE regression_cases ADD CONSTRAINT regression_cases_feedback
  FOREIGN KEY (organization_id, source_feedback_id) REFERENCES agent_feedback (organization_id, id);
CREATE INDEX regression_cases_feedback ON regression_cases (organization_id, source_feedback_id);
CREATE INDEX regression_cases_pinned ON regression_cases (organization_id, agent_id, pinned_at DESC) WHERE is_active AND is_pinned;
CREATE INDEX regression_cases_active ON regression_cases (organization_id, agent_id, id DESC) WHERE is_active;

CREATE TABLE evaluation_runs (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  candidate_version_id UUID NOT NULL,
  baseline_version_id UUID,
  training_run_id UUID,
  -- waiting: answers have to be submitted.
  status VARCHAR(20) NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'waiting', 'running', 'completed', 'failed', 'cancelled')),
  answered_by VARCHAR(20) NOT NULL DEFAULT 'server' CHECK (answered_by IN ('server', 'caller')),
  checks JSONB NOT NULL DEFAULT '[]',
  -- The agent's policy as it was, and whether a baseline's answers are waited for.
  settings JSONB NOT NULL DEFAULT '{}',
  -- Answers that are missing: [{question_id, side, attempt}].
  pending JSONB NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(pending) = 'array'),
  verdict VARCHAR(20) CHECK (verdict IN ('passed', 'failed', 'inconclusive')),
  sentence TEXT,
  error TEXT,
  revision INTEGER NOT NULL DEFAULT 1,
  created_by UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  -- When the cases were read that it held the version to.
  started_at TIMESTAMPTZ,
  completed_at TIMESTAMPTZ,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, candidate_version_id) REFERENCES agent_versions (organization_id, id),
  FOREIGN KEY (organization_id, baseline_version_id) REFERENCES agent_versions (organization_id, id),
  FOREIGN KEY (organization_id, training_run_id) REFERENCES training_runs (organization_id, id),
  FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id),
  CHECK ((verdict IS NOT NULL) = (status = 'completed'))
);
CREATE INDEX evaluation_runs_agent ON evaluation_runs (organization_id, agent_id, id DESC);
CREATE INDEX evaluation_runs_candidate ON evaluation_runs (organization_id, candidate_version_id, id DESC);
CREATE INDEX evaluation_runs_baseline ON evaluation_runs (organization_id, baseline_version_id);
CREATE INDEX evaluation_runs_training_run ON evaluation_runs (organization_id, training_run_id);
CREATE INDEX evaluation_runs_created_by ON evaluation_runs (organization_id, created_by);

-- What was answered: by the server, or submitted by the user's own agent.
CREATE TABLE evaluation_answers (
  organization_id UUID NOT NULL,
  run_id UUID NOT NULL,
  -- case/UUID, or the id of a safety probe.
  question_id VARCHAR(100) NOT NULL,
  side VARCHAR(20) NOT NULL CHECK (side IN ('candidate', 'baseline')),
  attempt INTEGER NOT NULL CHECK (attempt BETWEEN 1 AND 9),
  case_id UUID,
  output TEXT,
  error TEXT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, run_id, question_id, side, attempt),
  FOREIGN KEY (organization_id, run_id) REFERENCES evaluation_runs (organization_id, id) ON DELETE CASCADE,
  FOREIGN KEY (organization_id, case_id) REFERENCES regression_cases (organization_id, id),
  CHECK ((output IS NULL) <> (error IS NULL))
);
CREATE INDEX evaluation_answers_case ON evaluation_answers (organization_id, case_id);

ALTER TABLE evaluation_reports ADD COLUMN evaluation_run_id UUID;
ALTER TABLE evaluation_reports ADD COLUMN sentence TEXT;
ALTER TABLE evaluation_reports ADD CONSTRAINT evaluation_reports_evaluation_run
  FOREIGN KEY (organization_id, evaluation_run_id) REFERENCES evaluation_runs (organization_id, id);
ALTER TABLE evaluation_reports DROP CONSTRAINT evaluation_reports_verdict_check;
ALTER TABLE evaluation_reports ADD CONSTRAINT evaluation_reports_verdict_check
  CHECK (verdict IN ('promote', 'send_to_experiment', 'reject', 'passed', 'failed', 'inconclusive'));
CREATE INDEX evaluation_reports_evaluation_run ON evaluation_reports (organization_id, evaluation_run_id);

DO $$
DECLARE t TEXT;
BEGIN
  FOREACH t IN ARRAY ARRAY['evaluation_runs', 'evaluation_answers'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON public.%I TO agent_learning_app USING (organization_id = public.learning_organization_id()) WITH CHECK (organization_id = public.learning_organization_id())', t);
    EXECUTE format('CREATE POLICY system ON public.%I TO agent_learning_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO agent_learning_app, agent_learning_system', t);
  END LOOP;
END $$;
