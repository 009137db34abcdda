-- Queues with a filter, an overlap, an order and guidelines of their own; gold answers mixed into them; what people do with their time.
CREATE TABLE annotation_queues (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  name VARCHAR(255) NOT NULL,
  -- Which new examples come here: {example_types?, domains?, task_types?, tags?, source_types?, max_confidence?}.
  filter JSONB NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(filter) = 'object'),
  overlap INTEGER NOT NULL DEFAULT 1 CHECK (overlap BETWEEN 1 AND 10),
  ordering VARCHAR(20) NOT NULL DEFAULT 'type' CHECK (ordering IN ('type', 'age', 'uncertainty')),
  guidelines TEXT,
  gold_share DECIMAL(4,3) NOT NULL DEFAULT 0.05 CHECK (gold_share BETWEEN 0 AND 1),
  is_active BOOLEAN NOT NULL DEFAULT true,
  version INTEGER NOT NULL DEFAULT 1,
  created_by UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, agent_id, name),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id)
);
CREATE INDEX annotation_queues_agent ON annotation_queues (organization_id, agent_id, id);
CREATE INDEX annotation_queues_created_by ON annotation_queues (organization_id, created_by);

-- Examples whose right answer is known: handed out like others, and nobody is told which they are.
CREATE TABLE gold_answers (
  organization_id UUID NOT NULL,
  learning_example_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  decision VARCHAR(20) NOT NULL CHECK (decision IN ('approve', 'reject')),
  technical_accuracy DECIMAL(3,2) CHECK (technical_accuracy BETWEEN 0 AND 1),
  professional_quality DECIMAL(3,2) CHECK (professional_quality BETWEEN 0 AND 1),
  completeness DECIMAL(3,2) CHECK (completeness BETWEEN 0 AND 1),
  clarity DECIMAL(3,2) CHECK (clarity BETWEEN 0 AND 1),
  created_by UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT learning_now(),
  retired_at TIMESTAMPTZ,
  PRIMARY KEY (organization_id, learning_example_id),
  FOREIGN KEY (organization_id, learning_example_id) REFERENCES learning_examples (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id)
);
CREATE INDEX gold_answers_agent ON gold_answers (organization_id, agent_id, learning_example_id);
CREATE INDEX gold_answers_created_by ON gold_answers (organization_id, created_by);

ALTER TABLE annotation_tasks ADD COLUMN queue_id UUID;
ALTER TABLE annotation_tasks ADD COLUMN is_gold BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE annotation_tasks ADD COLUMN claimed_at TIMESTAMPTZ;
ALTER TABLE annotation_tasks ADD CONSTRAINT annotation_tasks_queue_fkey
  FOREIGN KEY (organization_id, queue_id) REFERENCES annotation_queues (organization_id, id);
-- The queue without a name is what no queue took.
DROP INDEX annotation_tasks_queue;
DROP INDEX annotation_tasks_queue_all;
CREATE INDEX annotation_tasks_queue ON annotation_tasks (organization_id, agent_id, queue_rank, id) WHERE queue_id IS NULL;
CREATE INDEX annotation_tasks_queue_all ON annotation_tasks (organization_id, queue_rank, id) WHERE queue_id IS NULL;
CREATE INDEX annotation_tasks_named_queue ON annotation_tasks (organization_id, queue_id, queue_rank, id);
CREATE INDEX annotation_tasks_agent ON annotation_tasks (organization_id, agent_id);

ALTER TABLE expert_annotations ADD COLUMN queue_id UUID;
-- For a gold example: whether the answer was the known one.
ALTER TABLE expert_annotations ADD COLUMN gold_agreed BOOLEAN;
-- From the claim to the answer; null without a claim.
ALTER TABLE expert_annotations ADD COLUMN seconds_spent INTEGER;
ALTER TABLE expert_annotations ADD CONSTRAINT expert_annotations_queue_fkey
  FOREIGN KEY (organization_id, queue_id) REFERENCES annotation_queues (organization_id, id);
CREATE INDEX expert_annotations_queue ON expert_annotations (organization_id, queue_id, created_at, expert_id);
CREATE INDEX expert_annotations_gold ON expert_annotations (organization_id, expert_id, id DESC) WHERE gold_agreed IS NOT NULL;

DO $$
DECLARE t TEXT;
BEGIN
  FOREACH t IN ARRAY ARRAY['annotation_queues', 'gold_answers'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON public.%I TO agent_learning_app USING (organization_id = public.learning_organization_id()) WITH CHECK (organization_id = public.learning_organization_id())', t);
    EXECUTE format('CREATE POLICY system ON public.%I TO agent_learning_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO agent_learning_app, agent_learning_system', t);
  END LOOP;
END $$;
