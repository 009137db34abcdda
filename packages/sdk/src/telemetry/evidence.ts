import type { JsonValue } from "../json.ts";
import type { Environment, Resolution, SplitMembership } from "../serving/types.ts";

/** One run of the agent. Only the input text is required. */
export interface ExecutionRecord {
  /** Your own id of the run, 1 to 200 characters; made when left out. Recording one id twice stores it once. */
  executionId?: string | undefined;
  inputText: string;
  outputText?: string | null | undefined;
  inputContext?: Record<string, JsonValue> | undefined;
  /** Without it: `failed` when there is an error type or message, else `succeeded`. */
  status?: "succeeded" | "failed" | undefined;
  errorType?: string | null | undefined;
  errorMessage?: string | null | undefined;
  taskCompleted?: boolean | null | undefined;
  latencyMs?: number | null | undefined;
  promptTokens?: number | null | undefined;
  completionTokens?: number | null | undefined;
  costUsd?: number | null | undefined;
  /** What `resolve` answered for this run: fills in `versionId` and `split`. */
  resolution?: Resolution | undefined;
  versionId?: string | null | undefined;
  split?: SplitMembership | null | undefined;
  environment?: Environment | undefined;
  /** What was assigned to an arm: a user, a session, a tenant. */
  unitId?: string | null | undefined;
  sessionId?: string | null | undefined;
  /** Your id of the end user. */
  userId?: string | null | undefined;
  metadata?: Record<string, JsonValue> | undefined;
  /** In order; `run` fills in what went through its `tool`. Kept as `metadata.tool_calls`. Not recorded in browsers. */
  toolCalls?: readonly ToolCall[] | undefined;
}

/** One call of a tool during a run of the agent. */
export interface ToolCall {
  /** The tool's name, 1 to 100 characters. */
  tool: string;
  /** Any JSON value; 4,000 characters of it at most are kept. */
  arguments?: unknown;
  /** What came back: any JSON value, cut likewise. */
  result?: unknown;
  /** Without it: true when there is an error. */
  failed?: boolean | undefined;
  error?: string | undefined;
  durationMs?: number | undefined;
}

/** One thing that the expert did on the way to the output. */
export interface DemonstrationStep {
  action: string;
  /** The tool that was called, by its name; behaviour learning goes by it. */
  tool?: string | undefined;
  arguments?: Record<string, JsonValue> | undefined;
  failed?: boolean | undefined;
  durationMs?: number | undefined;
  /** What came back. */
  observation?: string | undefined;
  rationale?: string | undefined;
}

/** How an expert does it. It waits for a person's judgement like any example, and is never served before. */
export interface ExpertDemonstration {
  input: string;
  output: string;
  context?: Record<string, JsonValue> | undefined;
  /** In order, at most 200. */
  steps?: readonly DemonstrationStep[] | undefined;
  rationale?: string | undefined;
  /** The member who showed it, by id or e-mail; with a person's own key that person, unless said. */
  expert?: string | undefined;
  /** The execution that it shows better, which may still be on its way: our id or yours. */
  executionId?: string | undefined;
  domain?: string | undefined;
  taskType?: string | undefined;
  /** 1 (simple) to 5. */
  complexity?: number | undefined;
  jurisdictions?: string[] | undefined;
  tags?: string[] | undefined;
}

export type FeedbackType =
  | "thumbs_up"
  | "thumbs_down"
  | "rating"
  | "correction"
  | "comment"
  | "dimension"
  | "implicit";

export type ImplicitSignal =
  | "copied"
  | "retried"
  | "edited"
  | "abandoned"
  | "escalated"
  | "followed_citation";

/** What a rater says of one execution. It may be given before the execution has arrived at the server. */
export interface Feedback {
  executionId: string;
  feedbackType: FeedbackType;
  /** Your id of the rater. Left out with a feedback token or a member's own key, which name the rater. */
  userId?: string | null | undefined;
  /** 1 to 5. */
  rating?: number | null | undefined;
  feedbackText?: string | null | undefined;
  correctionText?: string | null | undefined;
  issueCategories?: string[] | null | undefined;
  /** 1 to 5 each. */
  dimensions?:
    | {
        accuracy?: number | undefined;
        helpfulness?: number | undefined;
        clarity?: number | undefined;
        completeness?: number | undefined;
      }
    | null
    | undefined;
  /** What somebody did with an answer; only with the type `implicit`. */
  signal?: ImplicitSignal | null | undefined;
  metadata?: Record<string, JsonValue> | null | undefined;
}

/** What the agent should have answered. */
export interface Correction extends Omit<
  Feedback,
  "feedbackType" | "correctionText" | "signal" | "dimensions"
> {
  correctionText: string;
}

/** What came of a unit, measured by a metric that its experiment declares or its rollout watches. */
export interface OutcomeRecord {
  /** What was assigned to an arm: a user, a session, a tenant. */
  unitId: string;
  metric: string;
  value: number;
  /** Of a ratio metric, and of no other. */
  denominator?: number | undefined;
  /** Your own id of it; made when left out. Sent twice it counts once. */
  outcomeId?: string | undefined;
  /** Where the unit was when it happened; without either, where it is now. In no experiment or rollout nothing is measured. */
  resolution?: Resolution | undefined;
  split?: SplitMembership | null | undefined;
}

export interface RetrievedChunk {
  chunkId: string;
  /** 1 is the first. */
  rank: number;
  score?: number | null | undefined;
  /** What the ranker saw, by name. */
  features?: Record<string, number> | null | undefined;
  /** Probability that this rank was looked at, 0 to 1. */
  examinationProbability?: number | null | undefined;
  /** What the chunk says, of which 4,000 characters are kept: people who check a new order read it, where the chunks lie in a store of your own. */
  excerpt?: string | null | undefined;
}

/** What the agent's retriever returned for one query of one execution. */
export interface Retrieval {
  executionId: string;
  query: string;
  chunks: RetrievedChunk[];
  rankerVersion?: string | null | undefined;
}
