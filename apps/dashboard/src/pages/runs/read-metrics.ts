import type { StreamedEvent } from "@agent-learning/react/query";

export interface MetricSeries {
  /** As the trainer calls it: `loss`, `eval_loss` … */
  name: string;
  points: { step: number; value: number }[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Values that are losses: what a run is watched by. */
const LOSSES = ["loss", "eval_loss"];

/** The losses that a run reported so far, each over its steps; what was no number is left out. */
export function readLosses(events: readonly StreamedEvent[]): MetricSeries[] {
  const series = new Map<string, Map<number, number>>(LOSSES.map((name) => [name, new Map()]));
  for (const { event, data } of events) {
    if (event !== "metrics" || !isObject(data) || !Array.isArray(data["points"])) continue;
    for (const point of data["points"].filter(isObject)) {
      const { step } = point;
      if (typeof step !== "number") continue;
      for (const [name, values] of series) {
        const value = point[name];
        // A run that went back to a checkpoint reports a step again: the newer one holds.
        if (typeof value === "number") values.set(step, value);
      }
    }
  }
  return [...series]
    .map(([name, values]) => ({
      name,
      points: [...values]
        .map(([step, value]) => ({ step, value }))
        .sort((one, other) => one.step - other.step),
    }))
    .filter(({ points }) => points.length > 0);
}

/** `Loss fell from 2.10 at step 1 to 0.43 at step 120.` */
export function describeLoss({ points }: MetricSeries): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return "No loss was reported yet.";
  if (first === last) return `The loss was ${first.value.toFixed(3)} at step ${first.step}.`;
  const verb = last.value < first.value ? "fell" : last.value > first.value ? "rose" : "stayed";
  return `The loss ${verb} from ${first.value.toFixed(3)} at step ${first.step} to ${last.value.toFixed(3)} at step ${last.step}.`;
}

/** One event of a run as a line of its log: what a trainer wrote stays as it is. */
export function logLine(event: string, data: unknown, humanise: (name: string) => string): string {
  if (!isObject(data)) return "";
  const { created_at: _time, message, reasons, lines, points, ...rest } = data;
  if (typeof message === "string") return message;
  if (Array.isArray(reasons)) return reasons.join(" ");
  if (event === "log" && Array.isArray(lines)) return lines.join("\n");
  if (event === "metrics" && Array.isArray(points)) return describePoint(points.findLast(isObject));
  if (isObject(rest["estimate"])) return describeEstimate(rest["estimate"]);
  return Object.entries(rest)
    .map(([name, value]) => `${humanise(name)}: ${inWords(value, humanise)}`)
    .join(", ");
}

/** A value without the brackets of JSON. */
function inWords(value: unknown, humanise: (name: string) => string): string {
  if (Array.isArray(value))
    return value.length === 0 ? "none" : value.map((one) => inWords(one, humanise)).join(" ");
  if (value === null) return "none";
  if (typeof value === "string") return value;
  if (!isObject(value)) return JSON.stringify(value);
  const parts = Object.entries(value).map(([name, one]) => `${humanise(name)} ${inWords(one, humanise)}`);
  return parts.join(", ");
}

/** What the proposed run would take and bring, and what is in its way. */
function describeEstimate(estimate: Record<string, unknown>): string {
  const { rows, expected_effect: effect } = estimate;
  const count = (name: string): string => JSON.stringify(isObject(rows) ? (rows[name] ?? 0) : 0);
  const words = (name: string): unknown[] =>
    Array.isArray(estimate[name]) ? (estimate[name] as unknown[]) : [];
  const sentence = isObject(effect) ? effect["sentence"] : undefined;
  return [
    `${count("train")} rows to train on, ${count("test")} to judge by.`,
    sentence,
    ...words("missing"),
    ...words("problems"),
    ...words("warnings"),
  ]
    .filter((part) => typeof part === "string")
    .join(" ");
}

function describePoint(point: Record<string, unknown> | undefined): string {
  if (point === undefined) return "";
  const { step, ...values } = point;
  const numbers = Object.entries(values)
    .filter((entry): entry is [string, number] => typeof entry[1] === "number")
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`);
  return [`step ${String(step)}`, ...numbers].join(", ");
}
