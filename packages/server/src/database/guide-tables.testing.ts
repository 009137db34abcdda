/** A table as the guide prints it, and where the server writes and reads its columns: paths below `src`. */
export interface GuideTable {
  /** `name TYPE …`, one column a line, word for word. */
  readonly columns: string;
  readonly writer: string;
  readonly reader: string;
  /** Columns with another writer or reader. The writer `default` is the column's own default. */
  readonly elsewhere: Readonly<Record<string, { writer?: string; reader?: string }>>;
}

/** Columns that nothing writes yet, each with the reason. */
export const NOT_WRITTEN: Readonly<Record<string, string>> = {
  "training_runs.model_artifact_path":
    "for the trainers of model weights; prompt learning leaves prompt_artifact_path",
  "training_runs.total_steps":
    "a prompt search stops when its budget or its candidates are used up and cannot say after how many trials",
};

/** Where we are stricter than the guide (docs/decisions/0001): what a row is about may not be missing. */
export const STRICTER: ReadonlySet<string> = new Set([
  "learning_examples.organization_id",
  "training_datasets.organization_id",
  "training_runs.organization_id",
  "learning_experiments.organization_id",
  "expert_annotations.learning_example_id",
  "expert_annotations.expert_id",
]);

/** The five tables of the guide. */
export const GUIDE_TABLES: Readonly<Record<string, GuideTable>> = {
  learning_examples: {
    columns: `
      id UUID PRIMARY KEY
      organization_id UUID REFERENCES organizations(id)
      agent_id UUID NOT NULL
      example_type VARCHAR(50) NOT NULL
      input_context JSONB NOT NULL
      input_text TEXT NOT NULL
      original_output TEXT
      expected_output TEXT NOT NULL
      output_a TEXT
      output_b TEXT
      preferred_output VARCHAR(1)
      preference_strength INTEGER
      domain VARCHAR(100)
      task_type VARCHAR(100)
      complexity INTEGER
      jurisdictions JSONB DEFAULT '[]'
      tags JSONB DEFAULT '[]'
      quality_score DECIMAL(3,2)
      confidence_score DECIMAL(3,2)
      source_type VARCHAR(50) NOT NULL
      source_user_id UUID REFERENCES users(id)
      source_execution_id UUID
      review_status VARCHAR(50) DEFAULT 'pending'
      reviewed_by UUID REFERENCES users(id)
      reviewed_at TIMESTAMPTZ
      review_notes TEXT
      times_used_in_training INTEGER DEFAULT 0
      last_used_at TIMESTAMPTZ
      is_active BOOLEAN DEFAULT true
      created_at TIMESTAMPTZ DEFAULT NOW()
      updated_at TIMESTAMPTZ DEFAULT NOW()
    `,
    writer: "curation/examples/store.ts",
    reader: "curation/examples/present-example.ts",
    elsewhere: {
      organization_id: { reader: "curation/examples/store.ts" },
      times_used_in_training: { writer: "curation/datasets/items-store.ts" },
      last_used_at: { writer: "curation/datasets/items-store.ts" },
      created_at: { writer: "default" },
    },
  },
  expert_annotations: {
    columns: `
      id UUID PRIMARY KEY
      learning_example_id UUID REFERENCES learning_examples(id)
      expert_id UUID REFERENCES users(id)
      annotation_type VARCHAR(50) NOT NULL
      annotation_data JSONB NOT NULL
      technical_accuracy DECIMAL(3,2)
      professional_quality DECIMAL(3,2)
      completeness DECIMAL(3,2)
      clarity DECIMAL(3,2)
      notes TEXT
      improvement_suggestions TEXT
      is_verified BOOLEAN DEFAULT false
      verified_by UUID REFERENCES users(id)
      created_at TIMESTAMPTZ DEFAULT NOW()
    `,
    writer: "curation/annotations/store.ts",
    reader: "curation/annotations/present-annotation.ts",
    elsewhere: {
      created_at: { writer: "default" },
    },
  },
  training_datasets: {
    columns: `
      id UUID PRIMARY KEY
      organization_id UUID REFERENCES organizations(id)
      name VARCHAR(255) NOT NULL
      description TEXT
      version VARCHAR(20) NOT NULL
      agent_ids JSONB DEFAULT '[]'
      domains JSONB DEFAULT '[]'
      task_types JSONB DEFAULT '[]'
      total_examples INTEGER DEFAULT 0
      positive_examples INTEGER DEFAULT 0
      negative_examples INTEGER DEFAULT 0
      correction_examples INTEGER DEFAULT 0
      avg_quality_score DECIMAL(3,2)
      human_verified_percentage DECIMAL(5,2)
      status VARCHAR(50) DEFAULT 'draft'
      created_by UUID REFERENCES users(id)
      created_at TIMESTAMPTZ DEFAULT NOW()
      updated_at TIMESTAMPTZ DEFAULT NOW()
    `,
    writer: "curation/datasets/store.ts",
    reader: "curation/datasets/present-dataset.ts",
    elsewhere: {
      organization_id: { reader: "curation/datasets/store.ts" },
      created_at: { writer: "default" },
    },
  },
  training_runs: {
    columns: `
      id UUID PRIMARY KEY
      name VARCHAR(255) NOT NULL
      description TEXT
      agent_id UUID NOT NULL
      dataset_id UUID REFERENCES training_datasets(id)
      organization_id UUID REFERENCES organizations(id)
      training_type VARCHAR(50) NOT NULL
      config JSONB NOT NULL
      hyperparameters JSONB
      status VARCHAR(50) DEFAULT 'pending'
      progress_percentage INTEGER DEFAULT 0
      current_step INTEGER
      total_steps INTEGER
      metrics JSONB DEFAULT '{}'
      best_metrics JSONB
      model_artifact_path TEXT
      prompt_artifact_path TEXT
      logs_path TEXT
      started_at TIMESTAMPTZ
      completed_at TIMESTAMPTZ
      requires_review BOOLEAN DEFAULT true
      reviewed_by UUID REFERENCES users(id)
      review_status VARCHAR(50)
      review_notes TEXT
      created_by UUID REFERENCES users(id)
      created_at TIMESTAMPTZ DEFAULT NOW()
    `,
    writer: "learning/training-runs/store.ts",
    reader: "learning/training-runs/present-training-run.ts",
    elsewhere: {
      organization_id: { reader: "learning/training-runs/store.ts" },
      prompt_artifact_path: { writer: "learning/prompt/conclude.ts" },
      created_at: { writer: "default" },
    },
  },
  learning_experiments: {
    columns: `
      id UUID PRIMARY KEY
      name VARCHAR(255) NOT NULL
      description TEXT
      hypothesis TEXT
      agent_id UUID NOT NULL
      organization_id UUID REFERENCES organizations(id)
      control_config JSONB NOT NULL
      treatment_config JSONB NOT NULL
      control_percentage INTEGER DEFAULT 50
      treatment_percentage INTEGER DEFAULT 50
      status VARCHAR(50) DEFAULT 'draft'
      started_at TIMESTAMPTZ
      ended_at TIMESTAMPTZ
      min_duration_hours INTEGER DEFAULT 168
      min_sample_size INTEGER DEFAULT 1000
      current_control_samples INTEGER DEFAULT 0
      current_treatment_samples INTEGER DEFAULT 0
      control_metrics JSONB DEFAULT '{}'
      treatment_metrics JSONB DEFAULT '{}'
      statistical_significance DECIMAL(5,4)
      winner VARCHAR(20)
      decision VARCHAR(50)
      decision_notes TEXT
      decided_by UUID REFERENCES users(id)
      decided_at TIMESTAMPTZ
      created_by UUID REFERENCES users(id)
      created_at TIMESTAMPTZ DEFAULT NOW()
    `,
    writer: "evaluation/experiments/create-experiment.ts",
    reader: "evaluation/experiments/present-experiment.ts",
    elsewhere: {
      organization_id: { reader: "evaluation/experiments/store.ts" },
      status: { writer: "evaluation/experiments/update-experiment.ts" },
      started_at: { writer: "evaluation/experiments/update-experiment.ts" },
      ended_at: { writer: "evaluation/experiments/close-experiment.ts" },
      current_control_samples: { writer: "evaluation/experiments/refresh-experiment.ts" },
      current_treatment_samples: { writer: "evaluation/experiments/refresh-experiment.ts" },
      control_metrics: { writer: "evaluation/experiments/refresh-experiment.ts" },
      treatment_metrics: { writer: "evaluation/experiments/refresh-experiment.ts" },
      statistical_significance: { writer: "evaluation/experiments/refresh-experiment.ts" },
      winner: { writer: "evaluation/experiments/close-experiment.ts" },
      decision: { writer: "evaluation/experiments/close-experiment.ts" },
      decision_notes: { writer: "evaluation/experiments/close-experiment.ts" },
      decided_by: { writer: "evaluation/experiments/close-experiment.ts" },
      decided_at: { writer: "evaluation/experiments/close-experiment.ts" },
      created_at: { writer: "default" },
    },
  },
};
