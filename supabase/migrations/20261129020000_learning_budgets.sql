-- What an organization's learning may spend on language models, and what it spent.
CREATE TABLE learning_budgets (
  organization_id UUID PRIMARY KEY REFERENCES organizations (id),
  -- The last so many days count.
  period_days INTEGER NOT NULL CHECK (period_days BETWEEN 1 AND 366),
  -- NULL: no limit.
  max_calls DOUBLE PRECISION CHECK (max_calls >= 0),
  max_tokens DOUBLE PRECISION CHECK (max_tokens >= 0),
  max_cost DOUBLE PRECISION CHECK (max_cost >= 0),
  updated_by UUID,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  FOREIGN KEY (organization_id, updated_by) REFERENCES users (organization_id, id)
);
CREATE INDEX learning_budgets_updated_by ON learning_budgets (organization_id, updated_by);

-- One row for each run and hour.
CREATE TABLE model_spending (
  organization_id UUID NOT NULL,
  training_run_id UUID NOT NULL,
  hour TIMESTAMPTZ NOT NULL,
  calls DOUBLE PRECISION NOT NULL,
  tokens DOUBLE PRECISION NOT NULL,
  cost DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (organization_id, training_run_id, hour),
  FOREIGN KEY (organization_id, training_run_id) REFERENCES training_runs (organization_id, id)
);
CREATE INDEX model_spending_hour ON model_spending (organization_id, hour) INCLUDE (calls, tokens, cost);

-- What a run was admitted with: held back from other runs until it ends.
ALTER TABLE training_runs ADD COLUMN reserved_calls DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE training_runs ADD COLUMN reserved_tokens DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE training_runs ADD COLUMN reserved_cost DOUBLE PRECISION NOT NULL DEFAULT 0;

DO $$
DECLARE t TEXT;
BEGIN
  FOREACH t IN ARRAY ARRAY['learning_budgets', 'model_spending'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON public.%I TO agent_learning_app USING (organization_id = public.learning_organization_id()) WITH CHECK (organization_id = public.learning_organization_id())', t);
    EXECUTE format('CREATE POLICY system ON public.%I TO agent_learning_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO agent_learning_app, agent_learning_system', t);
  END LOOP;
END $$;
