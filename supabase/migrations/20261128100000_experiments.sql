-- Experiments: several treatments, declared metrics, fixed horizon, allocation, exclusion groups, looks over time.

ALTER TABLE learning_experiments
  -- [{ name, percentage, config }]: treatments beside the one that the table was made for
  ADD COLUMN additional_treatments JSONB NOT NULL DEFAULT '[]',
  -- [{ name, kind, better, role, source, per, quantile, covariate }]; empty: those that every unit has
  ADD COLUMN metrics JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN inference VARCHAR(20) NOT NULL DEFAULT 'sequential' CHECK (inference IN ('sequential', 'fixed_horizon')),
  ADD COLUMN minimum_effect DOUBLE PRECISION CHECK (minimum_effect > 0),
  -- { policy, floor, update_hours, periods: [{ since, shares, reason }] }
  ADD COLUMN allocation JSONB NOT NULL DEFAULT '{}',
  ADD COLUMN hash VARCHAR(20) NOT NULL DEFAULT 'murmur3' CHECK (hash IN ('murmur3', 'growthbook-v2')),
  ADD COLUMN exclusion_group VARCHAR(64),
  -- The part of the group's units that is this experiment's, from its start on.
  ADD COLUMN slot_start DOUBLE PRECISION,
  ADD COLUMN slot_end DOUBLE PRECISION,
  ADD COLUMN winning_arm VARCHAR(64),
  ADD COLUMN winning_version_id UUID,
  ADD CHECK (slot_start >= 0 AND slot_end <= 1 AND slot_start < slot_end),
  ADD FOREIGN KEY (organization_id, winning_version_id) REFERENCES agent_versions (organization_id, id);
-- Experiments of one exclusion group may share an agent's traffic; that no others do is checked under the agent's serving row.
DROP INDEX learning_experiments_running;
CREATE INDEX learning_experiments_active ON learning_experiments (organization_id, agent_id) WHERE status IN ('running', 'paused');
CREATE INDEX learning_experiments_group ON learning_experiments (organization_id, exclusion_group) WHERE status IN ('running', 'paused') AND exclusion_group IS NOT NULL;
CREATE INDEX learning_experiments_winning ON learning_experiments (organization_id, winning_version_id);

ALTER TABLE unit_metrics
  -- Sum of denominators; null where the outcomes are the denominator.
  ADD COLUMN other_sum DOUBLE PRECISION,
  -- What the unit came to before it was exposed.
  ADD COLUMN covariate DOUBLE PRECISION,
  -- Outcomes by bucket of a quantile sketch.
  ADD COLUMN sketch JSONB,
  ADD COLUMN folded_other DOUBLE PRECISION,
  ADD COLUMN folded_covariate DOUBLE PRECISION,
  ADD COLUMN folded_sketch JSONB;

ALTER TABLE outcomes
  ADD COLUMN denominator DOUBLE PRECISION,
  ADD COLUMN occurred_at TIMESTAMPTZ;

-- The counts of two JSON objects added up, key by key.
CREATE FUNCTION learning_add_counts(a JSONB, b JSONB) RETURNS JSONB LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT COALESCE(jsonb_object_agg(key, total), '{}'::jsonb)
   FROM (SELECT key, SUM(value::bigint) AS total
         FROM (SELECT * FROM jsonb_each_text(COALESCE(a, '{}'::jsonb)) UNION ALL SELECT * FROM jsonb_each_text(COALESCE(b, '{}'::jsonb))) AS counts
         GROUP BY key) AS totals $$;

-- What the tests of an experiment have seen: sums over units and sequential states. Apart, so that lists need not read it.
CREATE TABLE experiment_states (
  organization_id UUID NOT NULL,
  experiment_id UUID NOT NULL,
  state JSONB NOT NULL,
  PRIMARY KEY (organization_id, experiment_id),
  FOREIGN KEY (organization_id, experiment_id) REFERENCES learning_experiments (organization_id, id)
);

-- What the comparisons stood at over time. Kept more sparsely the longer an experiment runs.
CREATE TABLE experiment_looks (
  organization_id UUID NOT NULL,
  experiment_id UUID NOT NULL,
  looked_at TIMESTAMPTZ NOT NULL,
  running_hours DOUBLE PRECISION NOT NULL,
  -- [{ metric, arm, control, treatment, absolute, relative, adjusted_p_value }]
  comparisons JSONB NOT NULL,
  PRIMARY KEY (organization_id, experiment_id, looked_at),
  FOREIGN KEY (organization_id, experiment_id) REFERENCES learning_experiments (organization_id, id)
);

DO $$
DECLARE
  t TEXT;
BEGIN
  FOREACH t IN ARRAY ARRAY['experiment_states', 'experiment_looks'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON public.%I TO agent_learning_app USING (organization_id = public.learning_organization_id()) WITH CHECK (organization_id = public.learning_organization_id())', t);
    EXECUTE format('CREATE POLICY system ON public.%I TO agent_learning_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO agent_learning_app, agent_learning_system', t);
  END LOOP;
END $$;
