import { pairedComparison } from "@agent-learning/learning";
import type { Counted } from "./counting-proxy.ts";

/** One method on one task and seed: what it took to find the prompt, and how the prompt did on the test rows. */
export interface Measured {
  task: string;
  method: string;
  seed: string;
  /** By test row, 0 or 1, in the task's order. */
  scores: number[];
  /** Mean prompt tokens of one request. */
  promptTokens: number;
  /** Of the search; the test rows are not in it. */
  counted: Counted;
  seconds: number;
}

export interface Summary {
  task: string;
  method: string;
  runs: number;
  /** Mean over the seeds. */
  accuracy: number;
  /** Accuracy less the seed prompt's, on the same rows, with its interval at 95 %. */
  difference: number;
  interval: [number, number];
  calls: number;
  tokens: number;
  seconds: number;
  promptTokens: number;
  /** Runs whose prompt did worse on the test rows than the seed prompt. */
  belowSeed: number;
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * One line for each task and method. A row's score is its mean over the seeds, because the seeds share the test rows: the interval is
 * over rows, for these draws of training rows.
 */
export function summarise(measured: readonly Measured[], seedMethod: string): Summary[] {
  return [...Map.groupBy(measured, ({ task, method }) => `${task}\n${method}`).values()].map((runs) => {
    const [{ task, method } = { task: "", method: "" }] = runs;
    const baseline = measured.filter((one) => one.task === task && one.method === seedMethod);
    const ours = byRow(runs);
    const theirs = byRow(baseline);
    const { difference, interval } = pairedComparison(
      ours.map((candidate, index) => ({ rowId: String(index), seed: theirs[index] ?? 0, candidate })),
      { randomSeed: `${task} ${method}` },
    );
    return {
      task,
      method,
      runs: runs.length,
      accuracy: mean(ours),
      difference,
      interval,
      calls: mean(runs.map(({ counted }) => counted.calls)),
      tokens: mean(runs.map(({ counted }) => counted.promptTokens + counted.completionTokens)),
      seconds: mean(runs.map(({ seconds }) => seconds)),
      promptTokens: mean(runs.map(({ promptTokens }) => promptTokens)),
      belowSeed: runs.filter(({ scores }) => mean(scores) < mean(theirs)).length,
    };
  });
}

function byRow(runs: readonly Measured[]): number[] {
  const rows = runs[0]?.scores.length ?? 0;
  return Array.from({ length: rows }, (_, index) => mean(runs.map(({ scores }) => scores[index] ?? 0)));
}
