import type { JsonValue } from "@agent-learning/contract";
import { z } from "zod";
import type { MetricPoint, Observation, TrainingFault } from "../backend.ts";
import type { RemoteEvent, RemoteJob } from "./fine-tuning-api.ts";

const STATUS: Readonly<Record<string, Observation["status"]>> = {
  validating_files: "waiting",
  queued: "waiting",
  running: "running",
  paused: "paused",
  succeeded: "finished",
  failed: "failed",
  cancelled: "cancelled",
};

export const cursorSchema: z.ZodType<{ event: string | null }> = z
  .object({ event: z.string().nullable() })
  .catch({ event: null });

/** What a job and its new events show. @param beat changes with each answer */
export function observeJob(
  job: RemoteJob,
  events: readonly RemoteEvent[],
  cursor: JsonValue,
  beat: number,
): Observation {
  const metrics = events.flatMap((event) => pointOf(event) ?? []);
  const last = metrics.at(-1);
  const total = events.map(({ data }) => data["total_steps"]).findLast((value) => typeof value === "number");
  const known = STATUS[job.status];
  // A status that is not known is neither an end nor a beginning.
  const status = known ?? "running";
  return {
    status,
    step: last?.step ?? null,
    totalSteps: typeof total === "number" ? Math.round(total) : null,
    heartbeat: beat,
    metrics,
    log: events.flatMap(({ type, message }) => (type === "metrics" || message === "" ? [] : [message])),
    cursor: { event: events.at(-1)?.id ?? cursorSchema.parse(cursor).event },
    ...(status === "failed" ? { fault: faultOf(job.error) } : {}),
  };
}

/** Numbers that JSON does not know come as words or as null. */
function numberOf(value: unknown): number | null | undefined {
  if (value === undefined) return undefined;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

function pointOf({ type, data }: RemoteEvent): MetricPoint | undefined {
  const step = numberOf(data["step"]);
  if (type !== "metrics" || typeof step !== "number") return undefined;
  const point: MetricPoint = { step: Math.round(step) };
  const loss = numberOf(data["train_loss"]);
  if (loss !== undefined) point.loss = loss;
  const named = {
    eval_loss: "valid_loss",
    accuracy: "train_mean_token_accuracy",
    learning_rate: "learning_rate",
  };
  for (const [name, theirs] of Object.entries(named)) {
    const value = numberOf(data[theirs]);
    if (typeof value === "number") point[name] = value;
  }
  return point;
}

const OUTAGES = /server|internal|unavailable|timeout|capacity|overload/i;
const FILES = /file|format|example|data|moderation/i;

/** Whose fault it was, as far as the endpoint tells. */
function faultOf(error: RemoteJob["error"]): TrainingFault {
  const { code = null, message = null, param = null } = error ?? {};
  const words = message ?? "The job failed, and the endpoint does not say why.";
  const said = `The endpoint says: ${words}${code === null ? "" : ` (${code})`}`;
  if (code !== null && OUTAGES.test(code)) return { kind: "infrastructure", message: said };
  const isData = param !== null || (code !== null && FILES.test(code));
  return { kind: isData ? "data" : "internal", message: said };
}
