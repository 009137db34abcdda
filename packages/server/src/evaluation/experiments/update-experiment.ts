import type { ExperimentStatus, UpdateExperiment } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { bumpServingRevision } from "../../administration/serving/index.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { json, learningNow } from "../../database/index.ts";
import { assertVersion } from "../../http/if-match.ts";
import { conflict, notFound } from "../../http/problem-error.ts";
import { closeExperiment } from "./close-experiment.ts";
import { refreshExperiment } from "./refresh-experiment.ts";
import { refuseUnlessStartable } from "./refuse-unless-startable.ts";
import { changeExperiment, lockExperiment, NOW } from "./store.ts";
import { type ExperimentRow, type StoredAnalysis, storedAnalysis } from "./stored-experiment.ts";
import { nextStatuses } from "./transitions.ts";

/** The analysis with the clock stopped or going again. */
function moveClock(row: ExperimentRow, status: ExperimentStatus, now: Date): StoredAnalysis {
  const analysis = storedAnalysis(row);
  const { clock } = analysis;
  if (status === "paused") return { ...analysis, clock: { ...clock, pausedSince: now.toISOString() } };
  if (clock.pausedSince === null) return analysis;
  const pausedMilliseconds =
    clock.pausedMilliseconds + Math.max(0, now.getTime() - Date.parse(clock.pausedSince));
  return { ...analysis, clock: { pausedMilliseconds, pausedSince: null } };
}

async function move(
  ctx: TenantContext,
  row: ExperimentRow,
  status: ExperimentStatus,
): Promise<ExperimentRow> {
  if (status === "running") await refuseUnlessStartable(ctx, row);
  const analysis = moveClock(row, status, await learningNow(ctx.tx));
  const moved = await changeExperiment(ctx, row.id, {
    status,
    analysis: json(analysis),
    ...(status === "running" && row.started_at === null ? { started_at: NOW } : {}),
    ...(status === "stopped" ? { ended_at: NOW, ...(row.winner === null ? { winner: "none" } : {}) } : {}),
    revision: row.revision + 1,
  });
  await bumpServingRevision({ ctx, input: { agentId: row.agent_id } });
  await writeAudit(ctx, {
    action: `experiment.${status === "running" ? (row.started_at === null ? "started" : "resumed") : status}`,
    entityType: "experiment",
    entityId: row.id,
    data: { before: row.status, samples: [row.current_control_samples, row.current_treatment_samples] },
  });
  return moved;
}

/**
 * A person's change of an experiment: its texts, its status, its decision.
 * @throws ProblemError precondition-failed when it has changed since it was read; conflict when the status cannot be left that way
 */
export async function updateExperiment({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { id: string; expectedRevision: number; change: UpdateExperiment };
}): Promise<ExperimentRow> {
  const { change } = input;
  let row = await lockExperiment(ctx, input.id);
  if (row === undefined) throw notFound("experiment", input.id, "path.experimentId");
  assertVersion(input.expectedRevision, row.revision);
  const { name, description, hypothesis } = change;
  if (name !== undefined || description !== undefined || hypothesis !== undefined) {
    row = await changeExperiment(ctx, row.id, {
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      ...(hypothesis === undefined ? {} : { hypothesis }),
      revision: row.revision + 1,
    });
    const fields = Object.keys({ name, description, hypothesis });
    await writeAudit(ctx, {
      action: "experiment.updated",
      entityType: "experiment",
      entityId: row.id,
      data: { fields },
    });
  }
  const status = change.decision === undefined ? change.status : "decided";
  if (status === undefined || status === row.status) return row;
  const before = row.status as ExperimentStatus;
  if (!nextStatuses(before).includes(status)) {
    throw conflict(
      `An experiment that is ${before} cannot become ${status}; it can become ${nextStatuses(before).join(" or ") || "nothing else"}.`,
    );
  }
  if (before === "running" || before === "paused") {
    const final = status === "stopped" || status === "decided";
    ({ row } = await refreshExperiment({ ctx, input: { row, final } }));
  }
  if (status !== "decided") return move(ctx, row, status);
  const closing = {
    decision: change.decision ?? "inconclusive",
    notes: change.decision_notes ?? null,
    decidedBy: actorUserId(ctx),
    winner: row.winner as "control" | "treatment" | "none" | null,
  };
  return closeExperiment({ ctx, input: { row, closing } });
}
