import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type JsonValue, TRAINING_ARTIFACT_KINDS, type TrainingArtifactKind } from "@agent-learning/contract";
import type { MetricPoint, TrainingFault } from "../backend.ts";

/** What the trainer says of itself in `state.json`. */
export interface TrainerState {
  pid: number;
  status: "starting" | "running" | "paused" | "finished" | "failed" | "cancelled";
  step?: number | null | undefined;
  total_steps?: number | null | undefined;
  /** Seconds of its own clock. */
  heartbeat: number;
  error?: TrainingFault | null | undefined;
}

const stateSchema: z.ZodType<TrainerState> = z.object({
  pid: z.number().int(),
  status: z.enum(["starting", "running", "paused", "finished", "failed", "cancelled"]),
  step: z.number().nullish(),
  total_steps: z.number().nullish(),
  heartbeat: z.number(),
  error: z
    .object({
      kind: z.enum(["data", "numeric", "infrastructure", "internal"]).catch("internal"),
      message: z.string(),
    })
    .nullish(),
});

/** What it made, in `artifacts/manifest.json`. */
export interface Manifest {
  files: { path: string; sha256: string; bytes: number; kind: TrainingArtifactKind }[];
  metrics: Record<string, JsonValue>;
}

const manifestSchema: z.ZodType<Manifest> = z.object({
  files: z
    .array(
      z.object({
        path: z.string().min(1).max(255),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        bytes: z.number().int().min(0),
        kind: z.enum(TRAINING_ARTIFACT_KINDS),
      }),
    )
    .max(1_000),
  metrics: z.record(z.string(), z.json()).default({}),
});

/** Python writes NaN and Infinity as words, which JSON does not know: they become null. */
export function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const plain = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
      found.startsWith('"') ? found : "null",
    );
    return JSON.parse(plain) as unknown;
  }
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Undefined: it has not written any, or one that cannot be read. */
export async function readTrainerState(work: string): Promise<TrainerState | undefined> {
  const text = await readOptional(join(work, "state.json"));
  if (text === undefined) return undefined;
  try {
    return stateSchema.safeParse(parseLoosely(text)).data;
  } catch {
    return undefined;
  }
}

/** @throws Error when there is none, or it is not as agreed */
export async function readManifest(work: string): Promise<Manifest> {
  const text = await readOptional(join(work, "artifacts", "manifest.json"));
  if (text === undefined) throw new Error("The trainer finished and left no artifacts/manifest.json.");
  const parsed = manifestSchema.safeParse(parseLoosely(text));
  if (!parsed.success) throw new Error("The trainer's artifacts/manifest.json is not as agreed.");
  return parsed.data;
}

const MOST_BYTES = 1024 * 1024;

/** Whole lines of a growing file from a byte on, a mebibyte at most. @returns where to go on */
export async function readNewLines(path: string, from: number): Promise<{ lines: string[]; next: number }> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size <= from) return { lines: [], next: Math.min(from, size) };
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(Math.min(MOST_BYTES, size - from));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a);
    // A line that never ends is cut.
    if (end === -1 && bytesRead < MOST_BYTES) return { lines: [], next: from };
    const whole = buffer.subarray(0, end === -1 ? bytesRead : end + 1);
    const lines = whole
      .toString("utf8")
      .split("\n")
      // Of a progress bar that draws itself over what stands in the line, only what a terminal would show at last.
      .map((line) => line.split("\r").findLast((drawn) => drawn.trim() !== "") ?? "")
      .filter((line) => line !== "");
    return { lines, next: from + whole.length };
  } finally {
    await file.close();
  }
}

const TAIL = 4_096;

/** The last line of a file, however long it is; undefined: there is none. */
export async function lastLine(path: string): Promise<string | undefined> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  return (await readNewLines(path, Math.max(0, size - TAIL))).lines.at(-1);
}

/** Lines of `metrics.jsonl`; one that cannot be read is left out. */
export function toPoints(lines: readonly string[]): MetricPoint[] {
  return lines.flatMap((line) => {
    try {
      const parsed = z
        .looseObject({ step: z.number(), loss: z.number().nullish() })
        .safeParse(parseLoosely(line));
      return parsed.success ? [parsed.data as MetricPoint] : [];
    } catch {
      return [];
    }
  });
}

/** Written beside its place and moved there: who reads it sees all or nothing. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text, { flush: true });
  await rename(`${path}.part`, path);
}

/** Asks the trainer to pause or to stop; undefined: to go on. */
export async function writeControl(work: string, command: "pause" | "cancel" | undefined): Promise<void> {
  const path = join(work, "control");
  if (command === undefined) await rm(path, { force: true });
  else await writeWhole(path, command);
}
