import { type Kind, scaleId } from "./scale-ids.ts";

/** One call of the API over a filled database. */
export interface ScaleCall {
  operationId: string;
  /** What of the operation it tries. */
  variant: string;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  body?: unknown;
  /** A table of which it looks at more, however much that is, and why. */
  whole?: { table: string; why: string };
  /** Rows that one page of its answer looks at, at most, however many there are; default 1,000. */
  rowsAtMost?: number;
}

const at = (kind: Kind, n: number): string => scaleId(kind, n);
const get = (operationId: string, path: string, variants: readonly string[] = [""]): ScaleCall[] =>
  variants.map((query) => ({
    operationId,
    variant: query,
    method: "GET",
    path: `${path}${query === "" ? "" : `?${query}`}`,
  }));

const from = new Date(Date.now() - 20 * 86_400_000).toISOString();
const to = new Date(Date.now() - 10 * 86_400_000).toISOString();

// Their rows are looked up anew for each table.
const OF_A_PERSON = {
  rowsAtMost: 5_000,
  whole: { table: "idempotency_keys", why: "looks for the person in the answers of a week" },
};

/** Every question that the API answers, with each of its filters; a value that is rare among them. */
export const SCALE_CALLS: readonly ScaleCall[] = [
  ...get("listAgents", "/agents", ["", "archived=true"]),
  ...get("getAgent", "/agents/my-agent"),
  ...get("getOrganization", "/organization"),
  ...get("getLearningBudget", "/budget"),
  ...get("listRunSpending", "/budget/runs"),
  ...get("getIdentity", "/me"),
  ...get("listMembers", "/members"),
  ...get("listApiKeys", "/api-keys"),
  ...get("listAudit", "/audit", [
    "",
    "cursor=500",
    "entity_type=agent",
    `entity_type=learning_example&entity_id=${at("example", 3)}`,
    `entity_id=${at("example", 3)}`,
    "entity_type=nothing",
  ]),
  {
    ...get("verifyAudit", "/audit/verification")[0]!,
    whole: { table: "audit_log", why: "recomputes every hash" },
  },
  ...get("listExecutions", "/executions/my-agent", [
    "",
    "limit=200",
    "status=failed",
    `version_id=${at("version", 1)}`,
    `version_id=${at("version", 2)}&status=failed`,
    `version_id=${at("version", 99)}`,
    `from=${from}&to=${to}`,
    "tool=search",
    `tool=search&status=failed&from=${from}`,
    "tool=nothing",
  ]),
  ...get("getExecution", "/executions/my-agent/execution-4000"),
  ...get("getExecution", `/executions/my-agent/${at("execution", 4000)}`),
  ...get("getExecution", "/executions/my-agent/there-is-none"),
  ...get("getFeedbackStatistics", "/feedback/stats/my-agent", ["", "days=90"]),
  // It looks for its examples among the newest thousand.
  ...get("getCommonIssues", "/feedback/issues/my-agent", ["", "days=90"]).map((call) => ({
    ...call,
    rowsAtMost: 2_100,
  })),
  ...get("listFeedback", "/agents/my-agent/feedback", [
    "",
    "status=withdrawn",
    "status=held",
    "status=expired",
    "status=all",
    "feedback_type=correction",
    "feedback_type=implicit",
    "execution_id=execution-4000",
    "issue=incorrect",
    "issue=too_long",
    "issue=incorrect&status=withdrawn",
    "issue=incorrect&status=all",
    `issue=incorrect&from=${from}&to=${to}`,
    `from=${from}&to=${to}`,
  ]),
  ...get("getFeedback", `/feedback/${at("feedback", 4000)}`),
  ...get("getFeedbackLineage", `/feedback/${at("feedback", 4000)}/lineage`),
  ...get("getFeedbackHistory", `/feedback/${at("feedback", 3)}/history`),
  ...get("listRetrievals", "/retrievals/my-agent", ["", "execution_id=execution-4000"]),
  // There is none of that id; it is looked for by its key.
  ...get("getRetrievalArtifact", `/retrieval-artifacts/${at("retrieval", 1)}`),
  // Fifty checks, their examples and tasks.
  ...get("getRetrievalReport", `/training-runs/by-id/${at("run", 6)}/retrieval`),
  // The newest hundred with feedback, and their feedback.
  ...get("exportEmbeddingData", "/agents/my-agent/embedding-data", ["limit=100", "days=90&limit=100"]).map(
    (call) => ({ ...call, rowsAtMost: 5_000 }),
  ),
  // A thousand runs of each side at most, and their votes.
  ...get("getBehaviorPatterns", "/agents/my-agent/behavior-patterns", ["", "days=365"]).map((call) => ({
    ...call,
    rowsAtMost: 5_000,
  })),
  ...get("getAgentPreferences", "/agents/my-agent/preferences").map((call) => ({
    ...call,
    rowsAtMost: 4_100,
  })),
  ...get("listDocuments", "/agents/my-agent/documents"),
  ...get("listExamples", "/examples", [
    "",
    "agent_id=my-agent",
    "agent_id=agent-7",
    "agent_id=my-agent&review_status=pending",
    "agent_id=my-agent&review_status=withdrawn",
    "agent_id=my-agent&example_type=correction",
    "agent_id=my-agent&example_type=preference",
    "agent_id=my-agent&review_status=approved&example_type=failure",
    "agent_id=my-agent&is_active=false",
    "review_status=withdrawn",
    "example_type=preference",
    "is_active=false",
    `dataset_id=${at("dataset", 1)}`,
    `dataset_id=${at("dataset", 1)}&split=test`,
  ]),
  ...get("getExample", `/examples/${at("example", 400)}`),
  ...get("listAnnotationQueue", "/annotations/queue", [
    "",
    "agent_id=my-agent",
    "agent_id=agent-7",
    "example_type=correction",
    "example_type=preference",
    "agent_id=my-agent&example_type=correction",
    "kind=adjudication",
    "state=claimed",
    "state=all",
    "agent_id=my-agent&state=claimed",
    `queue_id=${at("queue", 1)}`,
    `queue_id=${at("queue", 1)}&example_type=correction`,
    `queue_id=${at("queue", 1)}&state=claimed`,
  ]),
  ...get("listQueues", "/queues", ["", "agent_id=my-agent"]),
  ...get("getQueue", `/queues/${at("queue", 1)}`),
  // It counts what is in the queue, and what people did there in the last days.
  ...get("getQueueProgress", `/queues/${at("queue", 1)}/progress`, ["", "days=31"]).map((call) => ({
    ...call,
    rowsAtMost: 30_000,
  })),
  // Both look at the newest 20,000 annotations.
  ...[
    ...get("getAnnotationAgreement", "/annotations/agreement", [
      "agent_id=my-agent",
      `agent_id=my-agent&queue_id=${at("queue", 1)}`,
    ]),
    ...get("getAnnotatorTrust", "/annotators", ["agent_id=my-agent"]),
  ].map((call) => ({ ...call, rowsAtMost: 41_000 })),
  ...get("listGold", "/gold", ["agent_id=my-agent"]),
  // It counts what each expert did today.
  ...get("getAnnotationStatistics", "/annotations/stats", ["", "agent_id=my-agent"]).map((call) => ({
    ...call,
    rowsAtMost: 9_000,
  })),
  ...get("listAnnotations", "/annotations", [
    "",
    "agent_id=my-agent",
    `expert_id=${at("user", 1)}`,
    `expert_id=${at("user", 400)}`,
    "is_verified=true",
    "is_verified=false",
    "agent_id=my-agent&is_verified=true",
    `agent_id=my-agent&expert_id=${at("user", 1)}&queue_id=${at("queue", 1)}&days=7`,
  ]),
  ...get("listDatasets", "/datasets/my-agent", ["", "status=archived"]),
  // It learns from at most 2,000 items and asks 300, each with its example.
  ...get("getDatasetInfluence", `/datasets/${at("dataset", 1)}/influence`, ["", "contributors=1"]).map(
    (call) => ({
      ...call,
      rowsAtMost: 6_000,
    }),
  ),
  ...get("getDatasetLineage", `/datasets/${at("dataset", 1)}/lineage`),
  ...get("getDataset", `/datasets/by-id/${at("dataset", 1)}`),
  ...get("listTrainingRuns", "/training-runs/my-agent", ["", "status=running", "training_type=rag_training"]),
  ...get("getTrainingRun", `/training-runs/by-id/${at("run", 20)}`),
  ...get("listTrainingArtifacts", `/training-runs/by-id/${at("run", 25)}/artifacts`),
  // The store has no file of it: what is measured is how it is found.
  ...get(
    "downloadTrainingArtifact",
    `/training-runs/by-id/${at("run", 25)}/artifacts/${at("run", 25)}/content`,
  ),
  ...get("estimateTrainingRun", `/training-runs/by-id/${at("run", 25)}/estimate`).map((call) => ({
    ...call,
    whole: { table: "training_dataset_items", why: "counts the rows that would be trained on" },
  })),
  ...get("getRunFindings", `/training-runs/by-id/${at("run", 20)}/findings`),
  ...get("getRunApproval", `/training-runs/by-id/${at("run", 20)}/approval`),
  ...get("listComparedRows", `/training-runs/by-id/${at("run", 20)}/rows`, ["", "outcome=win"]),
  ...get("listRegressionCases", "/regression-cases/my-agent"),
  ...get("listEvaluationRuns", "/evaluation-runs", [
    "",
    "agent_id=my-agent",
    `version_id=${at("version", 3)}`,
    `agent_id=my-agent&version_id=${at("version", 3)}`,
  ]),
  ...get("getEvaluationRun", `/evaluation-runs/${at("evaluation", 20)}`),
  ...get("listEvaluationQuestions", `/evaluation-runs/${at("evaluation", 20)}/questions`),
  ...get("listExperiments", "/experiments/my-agent", ["", "status=draft"]),
  ...get("getExperiment", `/experiments/by-id/${at("experiment", 0)}`),
  ...get("getExperimentResults", `/experiments/by-id/${at("experiment", 0)}/results`),
  ...get("listExperimentLooks", `/experiments/by-id/${at("experiment", 1)}/looks`, [
    "",
    "metric=latency_ms",
    "arm=treatment",
  ]),
  ...get("listAgentVersions", "/agents/my-agent/versions"),
  ...get("getAgentVersion", `/agents/my-agent/versions/${at("version", 3)}`),
  // At most 501 items of a dataset, each with its example.
  ...get("getVersionLineage", `/agents/my-agent/versions/${at("version", 3)}/lineage`).map((call) => ({
    ...call,
    rowsAtMost: 2_500,
  })),
  ...get("diffAgentVersions", `/agents/my-agent/versions/${at("version", 3)}/diff`, [
    `against=${at("version", 1)}`,
  ]),
  ...get("getServing", "/agents/my-agent/serving", ["", "environment=staging"]),
  ...get("listRollouts", "/rollouts", [
    "",
    "agent_id=my-agent",
    "status=running",
    "agent_id=my-agent&status=completed",
  ]),
  ...get("getRollout", `/rollouts/${at("rollout", 20)}`),
  ...get("listRolloutEvents", `/rollouts/${at("rollout", 20)}/events`),
  ...get("listFeedbackCategories", "/feedback-categories"),
  ...get("listMetricSources", "/agents/my-agent/metric-sources"),
  ...get("listRolloutEvidence", `/rollouts/${at("rollout", 20)}/evidence`, [
    "guardrail=error_rate",
    "guardrail=latency",
    "guardrail=satisfaction&arm=control",
  ]),
  ...get("getStats", "/stats", ["", "days=90", "agent_id=my-agent"]),
  ...get("getAgentMetrics", "/metrics"),
  ...get("watchTrainingRun", `/training-runs/by-id/${at("run", 20)}/events`),
  ...get("listSuspicions", "/trust/suspicions", ["agent_id=my-agent", "agent_id=my-agent&status=confirmed"]),
  ...get("diffDatasets", `/datasets/${at("dataset", 1)}/diff`, [
    `against=${at("dataset", 21)}`,
    `against=${at("dataset", 21)}&change=moved`,
  ]).map((call) => ({ ...call, whole: { table: "training_dataset_items", why: "compares two datasets" } })),
  ...get("exportDataset", `/datasets/${at("dataset", 1)}/export`, ["", "format=chat&split=test"]).map(
    (call) => ({ ...call, whole: { table: "training_dataset_items", why: "gives out every item" } }),
  ),
  { ...get("exportPerson", "/persons/person-77/export")[0]!, ...OF_A_PERSON },
  {
    operationId: "recordExecutions",
    variant: "",
    method: "POST",
    path: "/executions",
    body: {
      agent_id: "my-agent",
      execution_id: "a-new-one",
      user_id: "person-77",
      unit_id: "unit-5",
      split: { kind: "experiment", id: at("experiment", 0), arm: "control" },
      input_text: "question",
      output_text: "answer",
      status: "succeeded",
    },
  },
  {
    operationId: "submitFeedback",
    variant: "correction",
    method: "POST",
    path: "/feedback",
    body: {
      agent_id: "my-agent",
      execution_id: "execution-4001",
      user_id: "person-77",
      feedback_type: "correction",
      correction_text: "rather this",
    },
  },
  {
    operationId: "submitFeedback",
    variant: "too early",
    method: "POST",
    path: "/feedback",
    body: {
      agent_id: "my-agent",
      execution_id: "not-there-yet",
      user_id: "person-77",
      feedback_type: "thumbs_up",
    },
  },
  {
    operationId: "recordRetrievals",
    variant: "",
    method: "POST",
    path: "/retrievals",
    body: { agent_id: "my-agent", execution_id: "execution-4000", query: "query", chunks: [] },
  },
  {
    operationId: "retrieve",
    variant: "",
    method: "POST",
    path: "/retrieve",
    body: { agent_id: "my-agent", query: "query", unit_id: "person-77" },
  },
  {
    operationId: "rerank",
    variant: "",
    method: "POST",
    path: "/rerank",
    body: { agent_id: "my-agent", query: "query", candidates: [], unit_id: "person-77" },
  },
  { operationId: "claimAnnotation", variant: "", method: "POST", path: "/annotations/claim", body: {} },
  {
    operationId: "claimAnnotation",
    variant: "of an agent and a type",
    method: "POST",
    path: "/annotations/claim",
    body: { agent_id: "my-agent", example_type: "correction" },
  },
  {
    operationId: "claimAnnotation",
    variant: "of a queue",
    method: "POST",
    path: "/annotations/claim",
    body: { queue_id: at("queue", 1) },
  },
  {
    operationId: "claimAnnotation",
    variant: "of a queue, which is gold",
    method: "POST",
    path: "/annotations/claim",
    body: { queue_id: at("queue", 2) },
  },
  {
    operationId: "submitAnnotation",
    variant: "",
    method: "POST",
    path: "/annotations",
    body: { learning_example_id: at("example", 1_208), decision: "reject" },
  },
  {
    operationId: "erasePerson",
    variant: "",
    method: "DELETE",
    path: "/persons/person-78",
    ...OF_A_PERSON,
  },
];
