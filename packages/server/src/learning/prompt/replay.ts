import { type Candidate, type LanguageModel, runBounded } from "@agent-learning/learning";
import type { TenantContext } from "../../context.ts";
import type { RunHandle } from "../training-runs/carry-out-run.ts";
import { reportProgress } from "../training-runs/report-progress.ts";
import { createAnswerer } from "./answerer.ts";

const RECENT = 200;
/** Inputs that a model is asked at a time. */
const AT_ONCE = 4;

/** The newest inputs that production answered, for replaying. */
export async function readRecentInputs(
  ctx: TenantContext,
  agentId: string,
  limit: number = RECENT,
): Promise<string[]> {
  const rows = await ctx.tx
    .selectFrom("agent_executions")
    .select("input_text")
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("environment", "=", "production")
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => row.input_text);
}

export interface ReplayOptions {
  base: Candidate;
  candidate: Candidate;
  inputs: readonly string[];
  model: LanguageModel | undefined;
  /** Where the candidate has weights of its own. */
  candidateModel?: LanguageModel | undefined;
  signal?: AbortSignal | undefined;
  /** @param share of the different inputs that both have answered, 0 to 1 */
  onProgress?: (share: number) => void;
}

/**
 * Share of inputs, 0 to 1, that the candidate answers otherwise than the base: the guide's "prompt changes affecting > 50 % of
 * queries" is about this. Null when nothing could be replayed: an unmeasured change needs a review.
 */
export async function measureAffectedShare({
  base,
  candidate,
  inputs,
  model,
  candidateModel = model,
  signal,
  onProgress,
}: ReplayOptions): Promise<number | null> {
  const answerBase = createAnswerer(base, model, signal);
  const answerCandidate = createAnswerer(candidate, candidateModel, signal);
  if (inputs.length === 0 || answerBase === undefined || answerCandidate === undefined) return null;
  // Users ask the same thing more than once.
  const times = new Map<string, number>();
  for (const input of inputs) times.set(input, (times.get(input) ?? 0) + 1);
  let done = 0;
  const changed = await runBounded({
    items: [...times],
    concurrency: AT_ONCE,
    signal,
    run: async ([input, count]) => {
      const same = (await answerBase(input)).trim() === (await answerCandidate(input)).trim();
      onProgress?.((done += 1) / times.size);
      return same ? 0 : count;
    },
  });
  return changed.reduce((sum, count) => sum + count, 0) / inputs.length;
}

/** `measureAffectedShare` as a step of a run, between two percentages of it. */
export async function replayForRun(
  handle: RunHandle,
  range: readonly [number, number],
  options: ReplayOptions & { signal: AbortSignal },
): Promise<number | null> {
  const step = reportProgress(handle, { range, what: "Recent questions answered", signal: options.signal });
  const share = await measureAffectedShare({
    ...options,
    signal: step.signal,
    onProgress: (done) => step.report(done),
  });
  await step.end();
  return share;
}
