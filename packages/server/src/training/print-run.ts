import type { FineTuningEstimate, TrainingRun } from "@agent-learning/contract";

const WIDTHS = [36, 15, 8, 24] as const;

/** One line of a list: id, where it stands, how far, what it is, its name. */
export function printRun(run: TrainingRun): string {
  const { backend, method } = run.config as { backend?: string; method?: string };
  const what = [run.training_type, backend, method].filter((part) => part !== undefined).join(" ");
  const cells = [run.id, run.phase ?? run.status, `${run.progress_percentage} %`, what];
  const padded = cells.map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0));
  return `${padded.join("  ")}  ${run.name}\n`;
}

/** How a run ended, or where it stands, in sentences. */
export function printEnd(run: TrainingRun): string {
  const { message, advice } = (run.error ?? {}) as { message?: string; advice?: string };
  const { gate } = run.metrics as {
    gate?: { baseline_score: number; candidate_score: number; rows: number };
  };
  const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const measured =
    gate === undefined
      ? []
      : [
          `${share(gate.baseline_score)} of ${gate.rows} held-out rows before, ${share(gate.candidate_score)} after.`,
        ];
  const next = run.phase === "awaiting_review" ? ["Another person reviews it next."] : [];
  return `${[`The run is ${run.phase ?? run.status}.`, ...measured, message, advice, ...next].filter((part) => part !== undefined).join(" ")}\n`;
}

/** What a run would take, and what is in its way. */
export function printEstimate(estimate: FineTuningEstimate): string {
  const { rows, steps, seconds, expected_effect: effect, warnings } = estimate;
  const took = seconds === null ? "nobody knows how long" : `about ${Math.ceil(seconds / 60)} min`;
  const size = `${rows.train} rows to train on, ${rows.test} to judge by${steps === null ? "" : `, ${steps} steps`}: ${took}.`;
  return [size, effect.sentence, ...warnings].map((line) => `${line}\n`).join("");
}

const number = (value: unknown): string => (typeof value === "number" ? value.toPrecision(4) : String(value));

/** One event of a run as a line; undefined: it says nothing to people. */
export function printEvent(event: string, data: Record<string, unknown>): string | undefined {
  if (event === "metrics") {
    const last = (data["points"] as Record<string, unknown>[] | undefined)?.at(-1);
    if (last === undefined) return undefined;
    const { step, loss, eval_loss: validation } = last;
    const shown = [`step ${String(step)}`];
    if (loss !== undefined) shown.push(`loss ${number(loss)}`);
    if (validation !== undefined) shown.push(`validation loss ${number(validation)}`);
    return `${shown.join(", ")}\n`;
  }
  if (event === "log")
    return ((data["lines"] as string[] | undefined) ?? []).map((line) => `  ${line}\n`).join("");
  const { message } = data as { message?: string };
  return `${event.replaceAll(/[_-]/g, " ")}${message === undefined ? "" : `: ${message}`}\n`;
}
