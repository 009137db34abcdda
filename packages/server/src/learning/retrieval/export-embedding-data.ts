import { findAgent } from "../../administration/agents/index.ts";
import type { Context } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import { type EmbeddingPair, embeddingPairs } from "./embedding-pairs.ts";
import { evidencePages } from "./read-evidence.ts";

const DAY = 86_400_000;

/** Which evidence, of the last `days`, and how many retrievals at most. */
export interface EmbeddingDataRequest {
  /** UUID or slug. */
  agent: string;
  days: number;
  limit: number;
}

/**
 * Pairs for training an embedder, newest evidence first, as they are read: memory is bounded, however many there are.
 * @throws ProblemError not-found before the first pair
 */
export async function collectEmbeddingPairs({
  ctx,
  input,
}: {
  ctx: Context;
  input: EmbeddingDataRequest;
}): Promise<AsyncGenerator<EmbeddingPair>> {
  const { agentId, until } = await ctx.transact(async (tenant) => ({
    agentId: (await findAgent(tenant, input.agent, "path.agentId")).id,
    until: await learningNow(tenant.tx),
  }));
  const from = new Date(until.getTime() - input.days * DAY);
  return (async function* () {
    for await (const page of evidencePages(ctx, { agentId, from, until }, input.limit))
      for (const evidence of page) yield* embeddingPairs(evidence);
  })();
}

/** The pairs as JSON lines. */
export async function exportEmbeddingData(request: {
  ctx: Context;
  input: EmbeddingDataRequest;
}): Promise<AsyncGenerator<string>> {
  const pairs = await collectEmbeddingPairs(request);
  return (async function* () {
    for await (const pair of pairs) yield `${JSON.stringify(pair)}\n`;
  })();
}
