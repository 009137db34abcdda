import type { JsonValue } from "@agent-learning/contract";
import { z } from "zod";
import type { TrainingRunRow } from "../training-runs/present-training-run.ts";

/** What a back end knows a run by. Plain JSON, so that a restarted server finds the run again. */
export type BackendHandle = Record<string, JsonValue>;

/** What is kept between two looks at a run: the run's `checkpoint`. */
export interface RunState {
  /** Written down before anything is submitted; null: nothing is to be submitted yet. */
  handle: BackendHandle | null;
  /** 1, 2, 3 … : how often it was submitted. */
  attempt: number;
  /** How often it had to be submitted again because something around it broke. */
  faults: number;
  /** What it is submitted to did not answer: not again before this time. */
  not_before: string | null;
  /** Up to where metrics and log were read. */
  cursor: JsonValue;
  /** What people asked for. */
  wanted: "run" | "pause";
  /** The trainer's last sign of life, and when it was seen. */
  beat: { value: number; at: string } | null;
  /** The last step, and when it was seen. */
  step: { value: number; at: string } | null;
  /** When it was submitted last. */
  submitted_at: string | null;
  /** Lines of the trainer's log so far. */
  log_lines: number;
  /** When it was first asked to stop. */
  stopping_at: string | null;
  /** A worker is at the evaluation; it beats while it is. */
  evaluating: boolean;
}

const sight = z.object({ value: z.number(), at: z.string() }).nullable();
const schema = z.object({
  handle: z.record(z.string(), z.json()).nullable(),
  attempt: z.number(),
  faults: z.number(),
  // Runs of earlier versions have none.
  not_before: z.string().nullable().default(null),
  cursor: z.json(),
  wanted: z.enum(["run", "pause"]),
  beat: sight,
  step: sight,
  submitted_at: z.string().nullable(),
  log_lines: z.number(),
  stopping_at: z.string().nullable(),
  evaluating: z.boolean(),
});

export const FRESH: RunState = {
  handle: null,
  attempt: 1,
  faults: 0,
  not_before: null,
  cursor: null,
  wanted: "run",
  beat: null,
  step: null,
  submitted_at: null,
  log_lines: 0,
  stopping_at: null,
  evaluating: false,
};

/** Undefined: erasure took it away, because a person's examples are in what the run learns from. */
export function stateOf(row: TrainingRunRow): RunState | undefined {
  const parsed = schema.safeParse(row.checkpoint);
  return parsed.success ? (parsed.data as RunState) : undefined;
}
