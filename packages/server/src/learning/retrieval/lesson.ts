import {
  type GateQuery,
  type OrderChange,
  type QueryEvidence,
  type RankingGateResult,
  rankingGate,
  type RankingTrial,
  type RetrievalArtifact,
  scoreRanking,
} from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import type { RunHandle } from "../training-runs/carry-out-run.ts";
import type { RetrievalSettings } from "./retrieval-settings.ts";

/** What a way of learning may look at. */
export interface Lesson {
  ctx: Context;
  handle: RunHandle;
  settings: RetrievalSettings;
  /** How the documents are cut for the version in service; undefined: as the live index has them. */
  chunkingId: string | undefined;
  /** What is learned from, oldest first. */
  known: readonly QueryEvidence[];
  /** What the gate decides by: judged queries that came later. */
  heldOut: readonly QueryEvidence[];
  /** All that came later, judged or not: what people are asked about is drawn from these. */
  later: readonly QueryEvidence[];
  /** The artifact in service; null: none. */
  before: RetrievalArtifact | null;
  signal: AbortSignal;
}

/** What was learned, and what the gate says of it; or why there is nothing. */
export type Learned =
  | { reasons: string[]; trials?: RankingTrial[] }
  | { artifact: RetrievalArtifact; trials: RankingTrial[]; gate: RankingGateResult; orders: OrderChange[] };

/** A query's two orders as the gate compares them. */
export function toGateQuery({ query, before, after, isCold }: OrderChange): GateQuery {
  const { id, grades, slices = [] } = query;
  return {
    id,
    baseline: scoreRanking(before, grades),
    candidate: scoreRanking(after, grades),
    slices: [isCold ? "cold" : "warm", ...slices],
  };
}

/** Holds the two orders of the judged ones among these queries against each other. */
export function gateOrders(
  orders: readonly OrderChange[],
  judged: readonly QueryEvidence[],
  seed: number,
): RankingGateResult {
  const ids = new Set(judged.map(({ id }) => id));
  return rankingGate(orders.filter(({ query }) => ids.has(query.id)).map(toGateQuery), {
    seed: String(seed),
  });
}
