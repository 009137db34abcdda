import type { ExampleType, LearningExample } from "@agent-learning/contract";
import { streamBm25, terms } from "@agent-learning/learning";
import type { TenantContext } from "../../context.ts";
import { listApprovedExamples } from "./list-approved-examples.ts";

/** An example and how much it is like what was asked for: a BM25 score above 0. */
export interface NearExample {
  example: LearningExample;
  score: number;
}

const PAGE = 1_000;

/**
 * What an agent may learn from (approved, active, of the policy's quality), the most similar to a text first: those whose inputs share a
 * word with it, by BM25 over all of the agent's approved inputs of these types; at equal scores the older one. Reads them twice, a page
 * at a time, so that memory does not grow with them.
 * @throws ProblemError not-found for the agent
 */
export async function nearestApprovedExamples({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: {
    /** UUID or slug. */
    agentId: string;
    near: string;
    exampleTypes?: readonly ExampleType[] | undefined;
    limit: number;
  };
}): Promise<NearExample[]> {
  const { agentId, near, exampleTypes, limit } = input;
  const bm25 = streamBm25(terms(near));
  for await (const page of approved(ctx, { agentId, exampleTypes }))
    for (const { input_text } of page) bm25.count(terms(input_text));
  let best: NearExample[] = [];
  for await (const page of approved(ctx, { agentId, exampleTypes })) {
    const scored = page.map((example) => ({ example, score: bm25.score(terms(example.input_text)) }));
    best = [...best, ...scored.filter(({ score }) => score > 0)]
      .sort((one, other) => other.score - one.score)
      .slice(0, limit);
  }
  return best;
}

async function* approved(
  ctx: TenantContext,
  input: { agentId: string; exampleTypes: readonly ExampleType[] | undefined },
): AsyncGenerator<LearningExample[]> {
  for (let after: string | undefined; ;) {
    const { examples, next } = await listApprovedExamples({ ctx, input: { ...input, after, limit: PAGE } });
    yield examples;
    if (next === null) return;
    after = next;
  }
}
