import { type Kind, scaleId } from "./scale-ids.ts";

/** One call of the API over a filled database. */
export interface ScaleCall {
  operationId: string;
  /** What of the operation it tries. */
  variant: string;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  body?: unknown;
  /** It reads everything of its kind, and says so: an export, a verification of the whole chain. */
  whole?: string;
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

/** Every question that the API answers, with each of its filters; a value that is rare among them. */
export const SCALE_CALLS: readonly ScaleCall[] = [
  ...get("listAgents", "/agents", ["", "archived=true"]),
  ...get("getAgent", "/agents/my-agent"),
  ...get("getOrganization", "/organization"),
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
  { ...get("verifyAudit", "/audit/verification")[0]!, whole: "recomputes every hash" },
  ...get("listExecutions", "/executions/my-agent", [
    "",
    "limit=200",
    "status=failed",
    `version_id=${at("version", 1)}`,
    `version_id=${at("version", 2)}&status=failed`,
    `version_id=${at("version", 99)}`,
    `from=${from}&to=${to}`,
  ]),
  ...get("getExecution", "/executions/my-agent/execution-4000"),
  ...get("getExecution", `/executions/my-agent/${at("execution", 4000)}`),
  ...get("getExecution", "/executions/my-agent/there-is-none"),
  ...get("getFeedbackStatistics", "/feedback/stats/my-agent", ["", "days=90"]),
  ...get("getCommonIssues", "/feedback/issues/my-agent", ["", "days=90"]),
  ...get("listFeedback", "/agents/my-agent/feedback", [
    "",
    "status=withdrawn",
    "status=held",
    "status=expired",
    "status=all",
    "feedback_type=correction",
    "feedback_type=implicit",
    "execution_id=execution-4000",
    `from=${from}&to=${to}`,
  ]),
  ...get("getFeedback", `/feedback/${at("feedback", 4000)}`),
  ...get("getFeedbackHistory", `/feedback/${at("feedback", 3)}/history`),
  ...get("listRetrievals", "/retrievals/my-agent", ["", "execution_id=execution-4000"]),
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
  ]),
  ...get("getAnnotationStatistics", "/annotations/stats", ["", "agent_id=my-agent"]),
  ...get("listAnnotations", "/annotations", [
    "",
    "agent_id=my-agent",
    `expert_id=${at("user", 1)}`,
    `expert_id=${at("user", 4000)}`,
    "is_verified=true",
    "is_verified=false",
    "agent_id=my-agent&is_verified=true",
  ]),
  ...get("listDatasets", "/datasets/my-agent", ["", "status=archived"]),
  ...get("getDataset", `/datasets/by-id/${at("dataset", 1)}`),
  ...get("listTrainingRuns", "/training-runs/my-agent", ["", "status=running"]),
  ...get("getTrainingRun", `/training-runs/by-id/${at("run", 20)}`),
  ...get("listRegressionCases", "/regression-cases/my-agent"),
  ...get("listExperiments", "/experiments/my-agent", ["", "status=draft"]),
  ...get("getExperiment", `/experiments/by-id/${at("experiment", 0)}`),
  ...get("getExperimentResults", `/experiments/by-id/${at("experiment", 0)}/results`),
  ...get("listAgentVersions", "/agents/my-agent/versions"),
  ...get("getAgentVersion", `/agents/my-agent/versions/${at("version", 3)}`),
  ...get("diffAgentVersions", `/agents/my-agent/versions/${at("version", 3)}/diff`),
  ...get("getServing", "/agents/my-agent/serving", ["", "environment=staging"]),
  ...get("listRollouts", "/rollouts", [
    "",
    "agent_id=my-agent",
    "status=running",
    "agent_id=my-agent&status=completed",
  ]),
  ...get("getRollout", `/rollouts/${at("rollout", 20)}`),
  ...get("listRolloutEvents", `/rollouts/${at("rollout", 20)}/events`),
  ...get("getStats", "/stats", ["", "days=90", "agent_id=my-agent"]),
  ...get("getAgentMetrics", "/metrics"),
  ...get("watchTrainingRun", `/training-runs/by-id/${at("run", 20)}/events`),
  { ...get("exportDataset", `/datasets/${at("dataset", 1)}/export`)[0]!, whole: "gives out every item" },
  { ...get("exportPerson", "/persons/person-77/export")[0]!, whole: "gives out all of one person's rows" },
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
  { operationId: "claimAnnotation", variant: "", method: "POST", path: "/annotations/claim", body: {} },
  {
    operationId: "claimAnnotation",
    variant: "of an agent and a type",
    method: "POST",
    path: "/annotations/claim",
    body: { agent_id: "my-agent", example_type: "correction" },
  },
  {
    operationId: "submitAnnotation",
    variant: "",
    method: "POST",
    path: "/annotations",
    body: { learning_example_id: at("example", 8), decision: "reject" },
  },
];
