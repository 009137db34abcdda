import { agentPolicy, externalId, isUuid, type RolloutEvidence } from "@agent-learning/contract";
import { z } from "zod";
import type { TenantContext } from "../../context.ts";
import { notFound, ProblemError, unprocessable } from "../../http/problem-error.ts";
import { type GuardrailState, type WatchedGuardrail, watchedGuardrails } from "../guardrails/index.ts";
import { type EvidenceKey, selectEvidence, sourcesOf } from "./evidence-store.ts";
import { selectRollout } from "./store.ts";

type Phase = { source: RolloutEvidence["kind"]; against: boolean };

/** What speaks against the version comes first, from every source; then the rest. */
function phasesOf(metric: string): Phase[] {
  return [true, false].flatMap((against) => sourcesOf(metric).map((source) => ({ source, against })));
}

interface Position {
  phase: number;
  after: EvidenceKey | undefined;
}

const position = z.tuple([z.number().int().min(0), externalId, z.union([z.uuid(), z.literal("")])]);

function readCursor(text: string, phases: readonly Phase[]): Position {
  try {
    const [phase, id, executionId] = position.parse(
      JSON.parse(Buffer.from(text, "base64url").toString("utf8")),
    );
    const source = phases[phase]?.source;
    const isKey = source === "outcome" || (isUuid(id) && (source === "execution" || executionId !== ""));
    if (source !== undefined && isKey) return { phase, after: [id, executionId] };
  } catch {
    // As below.
  }
  throw new ProblemError(
    "malformed-request",
    "The cursor is not one that this list gave out. Start again without it.",
    { errors: [{ path: "query.cursor", message: "is not a cursor of this list" }] },
  );
}

/** The rows behind one guardrail of a rollout, those that speak against the version first. */
export async function readEvidence(
  ctx: TenantContext,
  { id, state }: { id: string; state: Partial<GuardrailState> },
  {
    guardrail,
    arm,
    limit,
    cursor,
  }: { guardrail: WatchedGuardrail; arm: string; limit: number; cursor?: string | undefined },
): Promise<{ data: RolloutEvidence[]; next_cursor: string | null }> {
  const riseLimit = state.rises?.[guardrail.name]?.seen.limit ?? null;
  const phases = phasesOf(guardrail.metric);
  const start: Position = cursor === undefined ? { phase: 0, after: undefined } : readCursor(cursor, phases);
  const found: { row: RolloutEvidence; phase: number }[] = [];
  for (const [index, phase] of phases.entries()) {
    if (index < start.phase) continue;
    if (found.length > limit) break;
    const after = index === start.phase ? start.after : undefined;
    const wanted = limit + 1 - found.length;
    const rows = await selectEvidence(ctx, {
      ...phase,
      rolloutId: id,
      guardrail,
      riseLimit,
      arm,
      after,
      limit: wanted,
    });
    found.push(...rows.map((one) => ({ row: one, phase: index })));
  }
  const data = found.slice(0, limit);
  const last = data.at(-1);
  const next =
    found.length > limit && last !== undefined
      ? Buffer.from(JSON.stringify([last.phase, last.row.id, last.row.execution_id ?? ""])).toString(
          "base64url",
        )
      : null;
  return { data: data.map((one) => one.row), next_cursor: next };
}

/**
 * Why a rollout stands where it stands, row by row: the executions, votes or reported outcomes behind one of its guardrails.
 * @throws ProblemError unprocessable for a guardrail that this rollout is not held to
 */
export async function listEvidence({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { id: string; guardrail: string; arm: string; limit: number; cursor?: string | undefined };
}): Promise<{ data: RolloutEvidence[]; next_cursor: string | null }> {
  const row = await selectRollout(ctx, input.id);
  if (row === undefined) throw notFound("rollout", input.id, "path.rolloutId");
  const watched = watchedGuardrails(agentPolicy.parse(row.policy).guardrails);
  const guardrail = watched.find((one) => one.name === input.guardrail);
  if (guardrail === undefined) {
    const names = watched.map((one) => one.name).join(", ");
    throw unprocessable("query.guardrail", `must be one that this rollout is held to: ${names}`);
  }
  const state = row.guardrails as unknown as Partial<GuardrailState>;
  return readEvidence(ctx, { id: row.id, state }, { ...input, guardrail });
}
