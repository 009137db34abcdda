import type { RolloutStatus } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { json, learningNow } from "../../database/index.ts";
import { conflict } from "../../http/problem-error.ts";
import { forgetSilence, type GuardrailState } from "../guardrails/index.ts";
import { NOW, type RolloutChange, type RolloutRow } from "./store.ts";
import { takeRollout } from "./take-rollout.ts";
import { type Transition, transition } from "./transition.ts";

type Command = "pause" | "resume" | "abort";

const FROM: Readonly<Record<Command, readonly RolloutStatus[]>> = {
  pause: ["running"],
  resume: ["paused"],
  abort: ["pending", "running", "paused"],
};

function resume(row: RolloutRow, state: GuardrailState, now: Date): RolloutChange {
  const paused = state.pausedAt === null ? 0 : Math.max(0, now.getTime() - Date.parse(state.pausedAt));
  const silence = Object.fromEntries(
    Object.entries(state.silence).map(([name, one]) => [name, forgetSilence(one)]),
  );
  return {
    status: "running",
    // The time that it was paused does not count towards the stage.
    stage_started_at:
      row.stage_started_at === null ? null : new Date(row.stage_started_at.getTime() + paused),
    guardrails: json({ ...state, silence, pausedAt: null }),
  };
}

/**
 * A person pauses, resumes or aborts. Paused, a rollout keeps its share and nothing moves it; aborted, everybody is back on the
 * baseline at once, for good.
 * @throws ProblemError conflict when its status does not allow it
 */
export async function controlRollout({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { id: string; command: Command; reason?: string | undefined; expectedVersion?: number | undefined };
}): Promise<RolloutRow> {
  const { command } = input;
  const row = await takeRollout(ctx, input);
  if (!FROM[command].includes(row.status as RolloutStatus)) {
    throw conflict(
      `This rollout is ${row.status}; to ${command} it, it must be ${FROM[command].join(" or ")}.`,
    );
  }
  const state = row.guardrails as unknown as GuardrailState;
  const now = await learningNow(ctx.tx);
  const moves: Record<Command, () => Omit<Transition, "reason">> = {
    pause: () => ({
      event: "paused",
      change: { status: "paused", guardrails: json({ ...state, pausedAt: now.toISOString() }) },
    }),
    resume: () => ({ event: "resumed", change: resume(row, state, now) }),
    abort: () => ({ event: "aborted", change: { status: "aborted", share: 0, ended_at: NOW } }),
  };
  const move = moves[command]();
  return transition(ctx, row, { ...move, reason: input.reason ?? `A person said: ${command}.` });
}
