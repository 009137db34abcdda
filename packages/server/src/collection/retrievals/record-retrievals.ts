import {
  isUuid,
  type RecordedRetrieval,
  type RecordRetrieval,
  type RetrievedChunk,
  MAXIMUM_EXCERPT,
} from "@agent-learning/contract";
import { readRedactor } from "../../administration/redaction/index.ts";
import type { TenantContext } from "../../context.ts";
import { unprocessable } from "../../http/problem-error.ts";
import type { Outcome } from "../ingestion/outcome.ts";
import { resolveAgents, unknownAgent } from "../ingestion/resolve-agents.ts";
import { lockArrivals } from "../ingestion/store.ts";
import { CounterBuilder, CounterLedger, dayOf } from "../statistics/counters.ts";
import { retrievalId } from "./retrieval-id.ts";
import { findRetrievalTargets, type RetrievalQuery, type RetrievalRow, writeRetrievals } from "./store.ts";

/** A retrieval and where it stands in its request. */
export interface RetrievalInput {
  retrieval: RecordRetrieval;
  path: string;
}

const ONE = new CounterBuilder().count("retrievals").build();

/**
 * Records what an agent's retriever returned, once each, in the caller's transaction. A retrieval whose execution is not
 * known is attached when the execution arrives. One outcome for each input, in order.
 */
export async function recordRetrievals(
  ctx: TenantContext,
  inputs: readonly RetrievalInput[],
): Promise<Outcome<RecordedRetrieval>[]> {
  const agents = await resolveAgents(
    ctx,
    inputs.map(({ retrieval }) => retrieval.agent_id),
  );
  const outcomes: Outcome<RecordedRetrieval>[] = [];
  const queries: (RetrievalQuery & { index: number })[] = [];
  for (const [index, { retrieval, path }] of inputs.entries()) {
    const agentId = agents.get(retrieval.agent_id);
    const { execution_id: reference } = retrieval;
    if (agentId === undefined) outcomes[index] = { error: unknownAgent(retrieval.agent_id, path) };
    else {
      const id = retrieval.id?.toLowerCase() ?? retrievalId(agentId, reference, retrieval.query);
      const executionId = isUuid(reference) ? reference.toLowerCase() : null;
      queries.push({ id, agentId, executionReference: reference, executionId, index });
    }
  }
  if (queries.length === 0) return outcomes;

  let { targets, now } = await findRetrievalTargets(ctx, queries);
  const early = queries.filter((_, position) => targets[position]?.execution === null);
  if (early.length > 0) {
    // The execution may be arriving at this moment: wait for it, then look again.
    await lockArrivals(
      ctx,
      early.map(({ agentId }) => agentId),
    );
    ({ targets, now } = await findRetrievalTargets(ctx, queries));
  }
  const rows = new Map<string, RetrievalRow>();
  const ledger = new CounterLedger();
  for (const [position, query] of queries.entries()) {
    const target = targets[position];
    const input = inputs[query.index];
    if (target === undefined || input === undefined) throw new Error("a retrieval was lost");
    const { known, execution } = target;
    const twin = rows.get(query.id);
    const owner = known?.agentId ?? twin?.agent_id ?? query.agentId;
    const answer = (status: RecordedRetrieval["status"], attached: boolean): void => {
      outcomes[query.index] = { value: { id: query.id, status, attached } };
    };
    if (owner !== query.agentId) {
      outcomes[query.index] = {
        error: unprocessable(`${input.path}.id`, "belongs to another agent's retrieval"),
      };
    } else if (known !== null || twin !== undefined) {
      answer("duplicate", known === null ? execution !== null : known.attached);
    } else {
      rows.set(query.id, {
        id: query.id,
        agent_id: query.agentId,
        execution_id: execution?.id ?? null,
        execution_external_id: execution?.externalId ?? query.executionReference,
        query_text: (await readRedactor(ctx, query.agentId)).text(input.retrieval.query),
        chunks: input.retrieval.chunks.map(({ excerpt: _excerpt, ...chunk }) => chunk),
        excerpts: excerptsOf(input.retrieval.chunks, await readRedactor(ctx, query.agentId)),
        ranker_version: input.retrieval.ranker_version ?? null,
        created_at: now,
      });
      ledger.add(query.agentId, dayOf(now), ONE);
      answer("recorded", execution !== null);
    }
  }
  if (rows.size > 0) await writeRetrievals(ctx, [...rows.values()], ledger);
  return outcomes;
}

/** What the chunks say, by their names, redacted as the query is; null where the caller does not tell. */
function excerptsOf(
  chunks: readonly RetrievedChunk[],
  redactor: { text: (text: string) => string },
): Record<string, string> | null {
  const told = chunks.flatMap(({ chunk_id: id, excerpt }) =>
    excerpt == null || excerpt === "" ? [] : [[id, firstOf(redactor.text(excerpt))] as const],
  );
  return told.length === 0 ? null : Object.fromEntries(told);
}

/** What is kept of an excerpt: not half of a character that takes two code units. */
const firstOf = (text: string): string =>
  text.length > MAXIMUM_EXCERPT ? text.slice(0, MAXIMUM_EXCERPT).replace(/[\uD800-\uDBFF]$/u, "") : text;
