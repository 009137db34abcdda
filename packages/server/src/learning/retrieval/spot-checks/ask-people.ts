import { createRandom } from "@agent-learning/learning";
import type { TenantContext } from "../../../context.ts";
import { addSpotChecks, type SpotCheckPair } from "../../../curation/queues/index.ts";
import { newId } from "../../../new-id.ts";
import { orderAsText, readChunks } from "./chunk-texts.ts";
import type { PlannedCheck } from "./plan-spot-checks.ts";
import { insertSpotChecks, type NewSpotCheck, readAskedQueries } from "./store.ts";

/** Where people answer. */
export const SPOT_CHECK_QUEUE = "Spot checks of retrieval";

const GUIDELINES =
  "Each example is a question and two lists of passages that a search found for it, best first. Say which list would help more to answer the question. Where both would help as much, or neither would, it is a tie. Nobody learns from single answers: together they say how often the new order is worse than the one in service.";

/**
 * Puts a run's checks to people: the two lists of a query, blind. A query that was chosen twice is asked about once; where both lists read
 * the same, nobody is asked. Queries whose words are gone are left out.
 * @param chunkingId how the documents are cut where the chunks are of ours
 */
export async function askPeople(
  ctx: TenantContext,
  run: { id: string; agentId: string; chunkingId: string | undefined; seed: number },
  planned: readonly PlannedCheck[],
): Promise<void> {
  if (planned.length === 0) return;
  const asked = await readAskedQueries(
    ctx,
    planned.map(({ retrievalId }) => retrievalId),
  );
  const keys = planned.flatMap(({ before, after }) => [...before, ...after]);
  const chunks = await readChunks(ctx, run.agentId, run.chunkingId, keys, [...asked.keys()]);
  const random = createRandom(`${run.seed} sides`);
  const pairs = new Map<string, SpotCheckPair & { candidate: "A" | "B" }>();
  const checks: NewSpotCheck[] = [];
  for (const { kind, retrievalId, before, after, changed } of planned) {
    const query = asked.get(retrievalId);
    if (query === undefined || query.execution_id === null) continue;
    const [old, own] = [orderAsText(before, chunks), orderAsText(after, chunks)];
    const isAsked = changed && old !== own;
    if (isAsked && !pairs.has(retrievalId)) {
      const candidate = random.next() < 0.5 ? "A" : "B";
      pairs.set(retrievalId, {
        id: newId(),
        executionId: query.execution_id,
        question: query.query_text,
        outputA: candidate === "A" ? own : old,
        outputB: candidate === "A" ? old : own,
        candidate,
      });
    }
    const pair = isAsked ? pairs.get(retrievalId) : undefined;
    checks.push({
      position: checks.length,
      kind,
      retrieval_id: retrievalId,
      learning_example_id: pair?.id ?? null,
      candidate_output: pair?.candidate ?? null,
    });
  }
  const place = { queue: SPOT_CHECK_QUEUE, guidelines: GUIDELINES, groupKey: `spot-checks:${run.id}` };
  await addSpotChecks(ctx, run.agentId, place, [...pairs.values()]);
  await insertSpotChecks(ctx, run.id, checks);
}
