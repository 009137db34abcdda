import type { RecordedExecution, RecordExecution } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { type ProblemError, unprocessable } from "../../http/problem-error.ts";
import { newId } from "../../new-id.ts";
import { type Redactor, readRedactor } from "../../administration/redaction/index.ts";
import type { StoredExecution } from "../evidence-observer.ts";
import { attachHeld } from "../feedback/holding/attach-held.ts";
import { type BatchOptions, type Outcome, requireAll } from "../ingestion/outcome.ts";
import { resolveAgents, unknownAgent } from "../ingestion/resolve-agents.ts";
import { personNamed, PersonRegistry } from "../people/raters.ts";
import { CounterLedger, dayOf } from "../statistics/counters.ts";
import { executionCounters } from "./execution-counters.ts";
import { newExecution } from "./new-execution.ts";
import {
  findReferences,
  type NewExecution,
  type ReferenceQuery,
  type References,
  writeExecutions,
} from "./store.ts";

/** An execution and where it stands in its request. */
export interface ExecutionInput {
  execution: RecordExecution;
  /** `body`, `body.executions.3`. */
  path: string;
}

interface Resolved {
  input: ExecutionInput;
  agentId: string;
  index: number;
}

function queryOf({ input: { execution }, agentId }: Resolved): ReferenceQuery {
  const { split } = execution;
  return {
    agentId,
    externalId: execution.execution_id,
    person: typeof execution.user_id === "string" ? personNamed(execution.user_id) : null,
    versionId: execution.version_id ?? null,
    experimentId: split?.kind === "experiment" ? split.id : null,
    rolloutId: split?.kind === "rollout" ? split.id : null,
  };
}

function refute({ input }: Resolved, references: References): ProblemError | undefined {
  const { execution, path } = input;
  if (typeof execution.version_id === "string" && !references.hasVersion) {
    return unprocessable(`${path}.version_id`, "is not a version of this agent");
  }
  if (execution.split && !references.hasSplit) {
    return unprocessable(`${path}.split.id`, `is not ${article(execution.split.kind)} of this agent`);
  }
  return undefined;
}

function article(kind: "experiment" | "rollout"): string {
  return kind === "experiment" ? "an experiment" : "a rollout";
}

/** The execution as its agent's policy lets it be stored. Ids are the caller's, who has to find them again: they stay. */
function redactExecution(execution: RecordExecution, redactor: Redactor): RecordExecution {
  return {
    ...execution,
    input_text: redactor.text(execution.input_text),
    input_context: redactor.json(execution.input_context),
    output_text: redactor.text(execution.output_text),
    error_message: redactor.text(execution.error_message),
    metadata: redactor.json(execution.metadata),
  };
}

/**
 * Records executions in the caller's transaction, once each; attaches the feedback and retrievals that waited for them, and
 * tells the observers. One outcome for each input, in order.
 */
export async function recordExecutions(
  ctx: TenantContext,
  inputs: readonly ExecutionInput[],
  { lane = 0, allOrNone = false }: BatchOptions = {},
): Promise<Outcome<RecordedExecution>[]> {
  const outcomes: Outcome<RecordedExecution>[] = [];
  const agents = await resolveAgents(
    ctx,
    inputs.map(({ execution }) => execution.agent_id),
  );
  const resolved: Resolved[] = [];
  for (const [index, input] of inputs.entries()) {
    const agentId = agents.get(input.execution.agent_id);
    if (agentId === undefined) {
      outcomes[index] = { error: unknownAgent(input.execution.agent_id, input.path) };
    } else resolved.push({ input, agentId, index });
  }
  if (resolved.length === 0) return outcomes;

  const { references, now } = await findReferences(ctx, resolved.map(queryOf));
  const people = new PersonRegistry();
  const ledger = new CounterLedger();
  const recorded: NewExecution[] = [];
  const ids = new Map<string, string>();
  for (const [position, item] of resolved.entries()) {
    const found = references[position];
    if (found === undefined) throw new Error("an execution was lost");
    const { execution } = item.input;
    const answer = (id: string, status: RecordedExecution["status"]): void => {
      outcomes[item.index] = { value: { id, execution_id: execution.execution_id, status } };
    };
    const key = `${item.agentId} ${execution.execution_id}`;
    const known = found.knownId ?? ids.get(key);
    const error = known === undefined ? refute(item, found) : undefined;
    if (known !== undefined) answer(known, "duplicate");
    else if (error !== undefined) outcomes[item.index] = { error };
    else {
      const person = typeof execution.user_id === "string" ? personNamed(execution.user_id) : null;
      const userId = person === null ? null : people.idOf(person, found.userId);
      const redacted = redactExecution(execution, await readRedactor(ctx, item.agentId));
      const row = newExecution({ id: newId(), agentId: item.agentId, userId, execution: redacted, now });
      ids.set(key, row.id);
      recorded.push(row);
      ledger.add(row.agent_id, dayOf(now), executionCounters(row));
      answer(row.id, "recorded");
    }
  }
  if (allOrNone) requireAll(outcomes);
  if (recorded.length > 0) await store(ctx, { executions: recorded, people: people.created(), ledger, lane });
  return outcomes;
}

async function store(ctx: TenantContext, write: Parameters<typeof writeExecutions>[1]): Promise<void> {
  const waiting = await writeExecutions(ctx, write);
  const stored = write.executions.map(toStored);
  const byId = new Map(stored.map((execution) => [execution.id, execution]));
  const arrivals = waiting.flatMap(({ execution_id: id, ...held }) => {
    const execution = byId.get(id);
    return execution === undefined ? [] : [{ held, execution }];
  });
  const changes = await attachHeld(ctx, arrivals, write.lane);
  for (const observer of ctx.services.evidenceObservers) {
    await observer.executionsRecorded?.(ctx, stored);
    if (changes.length > 0) await observer.feedbackChanged?.(ctx, changes);
  }
}

function toStored({
  input_context: _context,
  error_message: _message,
  metadata: _metadata,
  ...stored
}: NewExecution): StoredExecution {
  return stored;
}
