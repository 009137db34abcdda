import { pairedBootstrapLowerBound } from "@agent-learning/statistics";
import type { Random } from "../ports.ts";
import { shuffled } from "../random.ts";
import { END, START } from "./directly-follows.ts";
import { toolsOf, type Trace } from "./trace.ts";

/** Tells which tool comes next, or that the run ends. */
export interface NextToolModel {
  /** Likeliest first; probabilities add up to 1 over the tools seen and `(end)`. */
  predict(before: readonly string[]): { tool: string; probability: number }[];
}

/**
 * An n-gram model of tool calls, of each order interpolated with the next lower one by absolute discounting (Ney, Essen and Kneser
 * 1994): P(w | h) = (max(c(h w) - d, 0) + d t(h) P(w | shorter h)) / c(h), with t(h) the number of different tools seen after h and
 * d = n1 / (n1 + 2 n2) from the numbers of things seen once and twice after contexts of this length; down to equal probabilities. A
 * context that was never seen leaves the word to the shorter one, so that the order in use varies.
 *
 * @param order calls that a prediction looks back, plus one: 2 is a bigram model
 */
export function trainNextToolModel(traces: readonly Trace[], order: number): NextToolModel {
  const counts = Array.from({ length: order }, () => new Map<string, Map<string, number>>());
  const outcomes = new Set<string>([END]);
  for (const trace of traces) {
    const path = [...toolsOf(trace), END];
    path.forEach((tool, i) => {
      outcomes.add(tool);
      contextsOf(path.slice(0, i), order).forEach((context, length) => {
        const known = counts[length] as Map<string, Map<string, number>>;
        const after = known.get(context) ?? new Map<string, number>();
        known.set(context, after);
        after.set(tool, (after.get(tool) ?? 0) + 1);
      });
    });
  }
  const discounts = counts.map(discountOf);
  const names = [...outcomes].sort();
  return {
    predict: (before) => {
      let probabilities = new Map(names.map((name) => [name, 1 / names.length]));
      for (const [length, context] of contextsOf(before, order).entries()) {
        const after = counts[length]?.get(context);
        if (after === undefined) break;
        const discount = discounts[length] as number;
        const total = [...after.values()].reduce((sum, count) => sum + count, 0);
        const shorter = probabilities;
        probabilities = new Map(
          names.map((name) => {
            const left = Math.max(0, (after.get(name) ?? 0) - discount);
            return [name, (left + discount * after.size * (shorter.get(name) as number)) / total];
          }),
        );
      }
      return [...probabilities]
        .map(([tool, probability]) => ({ tool, probability }))
        .sort((one, other) => other.probability - one.probability);
    },
  };
}

/** Between 0 and 1; a half where nothing was seen once or twice. */
function discountOf(counts: ReadonlyMap<string, ReadonlyMap<string, number>>): number {
  const all = [...counts.values()].flatMap((after) => [...after.values()]);
  const once = all.filter((count) => count === 1).length;
  const twice = all.filter((count) => count === 2).length;
  return once === 0 ? 0.5 : once / (once + 2 * twice);
}

export interface NextToolComparison {
  /** Share of the calls and ends that the likeliest prediction names. */
  accuracy: number;
  baselineAccuracy: number;
  /** Mean of -ln P of what came. */
  logLoss: number;
  baselineLogLoss: number;
  /** One-sided 95 % lower bound of the difference of a run's accuracy from the baseline's. */
  gainLowerBound: number;
  predictions: number;
}

/**
 * Cross-validates a model of `order` against a bigram model on the same folds of runs; undefined with fewer than two runs.
 * Runs of one contributor are in one fold where there are as many contributors as folds.
 */
export function compareNextTool(
  traces: readonly Trace[],
  options: { order: number; random: Random; folds?: number },
): NextToolComparison | undefined {
  if (traces.length < 2) return undefined;
  const folds = Math.min(options.folds ?? 5, traces.length);
  const contributors = new Set(traces.map(({ contributor }) => contributor));
  const keyOf = (trace: Trace): string => (contributors.size >= folds ? trace.contributor : trace.id);
  const keys = shuffled(options.random, [...new Set(traces.map(keyOf))].sort());
  const foldOf = new Map(keys.map((key, i) => [key, i % folds]));
  const seed = Math.floor(options.random.next() * 2 ** 32);
  const differences: number[] = [];
  const sums = { predictions: 0, right: 0, baselineRight: 0, loss: 0, baselineLoss: 0 };
  for (let fold = 0; fold < folds; fold += 1) {
    const known = traces.filter((trace) => foldOf.get(keyOf(trace)) !== fold);
    const model = trainNextToolModel(known, options.order);
    const baseline = trainNextToolModel(known, 2);
    for (const trace of traces.filter((one) => foldOf.get(keyOf(one)) === fold)) {
      const mine = scoreRun(model, trace);
      const theirs = scoreRun(baseline, trace);
      differences.push((mine.right - theirs.right) / mine.predictions);
      sums.predictions += mine.predictions;
      sums.right += mine.right;
      sums.baselineRight += theirs.right;
      sums.loss += mine.loss;
      sums.baselineLoss += theirs.loss;
    }
  }
  return {
    accuracy: sums.right / sums.predictions,
    baselineAccuracy: sums.baselineRight / sums.predictions,
    logLoss: sums.loss / sums.predictions,
    baselineLogLoss: sums.baselineLoss / sums.predictions,
    gainLowerBound: pairedBootstrapLowerBound(differences, { seed, resamples: 2_000 }).lower,
    predictions: sums.predictions,
  };
}

function scoreRun(model: NextToolModel, trace: Trace): { predictions: number; right: number; loss: number } {
  const path = [...toolsOf(trace), END];
  const sums = { predictions: path.length, right: 0, loss: 0 };
  path.forEach((came, i) => {
    const predicted = model.predict(path.slice(0, i));
    if (predicted[0]?.tool === came) sums.right += 1;
    // A tool that was never seen: as unlikely as one more equal outcome.
    const probability =
      predicted.find(({ tool }) => tool === came)?.probability ?? 1 / (predicted.length + 1) ** 2;
    sums.loss -= Math.log(probability);
  });
  return sums;
}

/** The contexts before a call, shortest (nothing) first; a context that reaches the start of the run says so. */
function contextsOf(before: readonly string[], order: number): string[] {
  const padded = [START, ...before];
  const longest = Math.min(order - 1, padded.length);
  return Array.from({ length: longest + 1 }, (_, length) =>
    JSON.stringify(padded.slice(padded.length - length)),
  );
}
