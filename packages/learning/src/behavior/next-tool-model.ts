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
  const { names, probabilities } = train(traces, order);
  return {
    predict: (before) => {
      const of = probabilities(before);
      return names
        .map((tool, index) => ({ tool, probability: of[index] as number }))
        .sort((one, other) => other.probability - one.probability);
    },
  };
}

/** What was seen after a context; its children are the contexts that look one call further back. */
interface Context {
  /** By position in the names. */
  after: Map<number, number>;
  total: number;
  further: Map<string, Context>;
}

interface TrainedModel {
  /** What may come, sorted. */
  names: readonly string[];
  /** By position in the names. */
  probabilities: (before: readonly string[]) => readonly number[];
}

const newContext = (): Context => ({ after: new Map(), total: 0, further: new Map() });

function train(traces: readonly Trace[], order: number): TrainedModel {
  const paths = traces.map((trace) => [...toolsOf(trace), END]);
  const names = [...new Set([END, ...paths.flat()])].sort();
  const positions = new Map(names.map((name, index) => [name, index]));
  const shortest = newContext();
  for (const path of paths) {
    for (const [i, tool] of path.entries()) {
      const position = positions.get(tool) as number;
      let context = shortest;
      for (let length = 0; ; length += 1) {
        context.after.set(position, (context.after.get(position) ?? 0) + 1);
        context.total += 1;
        if (length === order - 1 || length > i) break;
        const back = path[i - length - 1] ?? START;
        let further = context.further.get(back);
        if (further === undefined) context.further.set(back, (further = newContext()));
        context = further;
      }
    }
  }
  const discounts = discountsOf(shortest, order);
  return {
    names,
    probabilities: (before) => {
      let shares: readonly number[] = names.map(() => 1 / names.length);
      let context: Context | undefined = shortest;
      for (let length = 0; context !== undefined; length += 1) {
        const { after, total, further }: Context = context;
        const discount = discounts[length] as number;
        const shorter = shares;
        shares = names.map((_, position) => {
          const left = Math.max(0, (after.get(position) ?? 0) - discount);
          return (left + discount * after.size * (shorter[position] as number)) / total;
        });
        if (length > before.length) break;
        context = further.get(before[before.length - length - 1] ?? START);
      }
      return shares;
    },
  };
}

/** Of each length of context, between 0 and 1; a half where nothing was seen once or twice. */
function discountsOf(shortest: Context, order: number): number[] {
  const seen = Array.from({ length: order }, () => ({ once: 0, twice: 0 }));
  const count = ({ after, further }: Context, length: number): void => {
    const of = seen[length];
    if (of === undefined) return;
    for (const times of after.values()) {
      if (times === 1) of.once += 1;
      if (times === 2) of.twice += 1;
    }
    for (const context of further.values()) count(context, length + 1);
  };
  count(shortest, 0);
  return seen.map(({ once, twice }) => (once === 0 ? 0.5 : once / (once + 2 * twice)));
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
    const model = train(known, options.order);
    const baseline = train(known, 2);
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

function scoreRun(
  { names, probabilities }: TrainedModel,
  trace: Trace,
): { predictions: number; right: number; loss: number } {
  const path = [...toolsOf(trace), END];
  const sums = { predictions: path.length, right: 0, loss: 0 };
  path.forEach((came, i) => {
    const of = probabilities(path.slice(0, i));
    if (names[of.indexOf(Math.max(...of))] === came) sums.right += 1;
    // A tool that was never seen: as unlikely as one more equal outcome.
    sums.loss -= Math.log(of[names.indexOf(came)] ?? 1 / (names.length + 1) ** 2);
  });
  return sums;
}
