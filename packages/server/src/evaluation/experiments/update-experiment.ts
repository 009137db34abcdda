import type { ExperimentStatus, UpdateExperiment } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import {
  bumpServingRevision,
  experimentArms,
  sharesOf,
  type StoredAllocation,
  storedAllocation,
} from "../../administration/serving/index.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { json, learningNow } from "../../database/index.ts";
import { assertVersion } from "../../http/if-match.ts";
import { conflict, notFound, unprocessable } from "../../http/problem-error.ts";
import { closeExperiment } from "./close-experiment.ts";
import { refreshExperiment } from "./refresh-experiment.ts";
import { refuseUnlessStartable } from "./refuse-unless-startable.ts";
import { changeExperiment, lockExperiment, NOW } from "./store.ts";
import { takeSlot } from "./take-slot.ts";
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

/** The allocation with its first period: the percentages, as the experiment was created. */
function firstPeriod(row: ExperimentRow, now: Date): StoredAllocation {
  const shares = sharesOf(row);
  return {
    ...storedAllocation(row),
    periods: [
      {
        since: now.toISOString(),
        shares: Object.fromEntries(experimentArms(row).map(({ name }, index) => [name, shares[index] ?? 0])),
        reason: "As created.",
      },
    ],
  };
}

async function move(
  ctx: TenantContext,
  row: ExperimentRow,
  status: ExperimentStatus,
): Promise<ExperimentRow> {
  if (status === "running") await refuseUnlessStartable(ctx, row);
  const now = await learningNow(ctx.tx);
  const analysis = moveClock(row, status, now);
  const starts = status === "running" && row.started_at === null;
  const moved = await changeExperiment(ctx, row.id, {
    status,
    analysis: json(analysis),
    ...(starts
      ? { started_at: NOW, allocation: json(firstPeriod(row, now)), ...(await takeSlot(ctx, row)) }
      : {}),
    ...(status === "stopped" ? { ended_at: NOW, ...(row.winner === null ? { winner: "none" } : {}) } : {}),
    revision: row.revision + 1,
  });
  await bumpServingRevision({ ctx, input: { agentId: row.agent_id } });
  await writeAudit(ctx, {
    action: `experiment.${status === "running" ? (starts ? "started" : "resumed") : status}`,
    entityType: "experiment",
    entityId: row.id,
    data: { before: row.status, samples: analysis.samples },
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
  if (row.started_at !== null) {
    const final = status === "stopped" || status === "decided";
    ({ row } = await refreshExperiment({ ctx, input: { row, final } }));
  }
  if (status !== "decided") return move(ctx, row, status);
  const winningArm = chosenArm(row, change);
  const closing = {
    decision: change.decision ?? "inconclusive",
    notes: change.decision_notes ?? null,
    decidedBy: actorUserId(ctx),
    winner: row.winner as "control" | "treatment" | "none" | null,
    winningArm,
  };
  return closeExperiment({ ctx, input: { row, closing } });
}

/** The treatment that a person deploys: the one that they name, the one that won, or the only one. */
function chosenArm(row: ExperimentRow, change: UpdateExperiment): string | null {
  if (change.decision !== "deploy_treatment") return null;
  const treatments = experimentArms(row)
    .slice(1)
    .map((arm) => arm.name);
  const chosen =
    change.winning_arm ?? row.winning_arm ?? (treatments.length === 1 ? treatments[0] : undefined);
  if (chosen === undefined || !treatments.includes(chosen)) {
    throw unprocessable(
      "body.winning_arm",
      `${change.winning_arm === undefined ? "is needed, since none has won" : "is not a treatment of this experiment"}: name one of ${treatments.join(", ")}`,
    );
  }
  return chosen;
}
