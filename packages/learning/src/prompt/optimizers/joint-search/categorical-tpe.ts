import type { Random } from "../../../ports.ts";
import { randomInteger } from "../../../random.ts";

/** One value for each dimension. */
export type Choice = Readonly<Record<string, string>>;

export interface ScoredChoice {
  choice: Choice;
  /** Higher = better. */
  score: number;
}

export interface TpeOptions {
  /** The values that each dimension may take. */
  dimensions: Readonly<Record<string, readonly string[]>>;
  tried: readonly ScoredChoice[];
  random: Random;
  /** Choices that are refused, beside those tried. */
  isTaken?: (choice: Choice) => boolean;
  /** Draws among which the most promising is taken; default 24. */
  draws?: number;
  /** Share of the tried choices that count as good, at least one; default 0.25. */
  good?: number;
}

/** Weight of the uniform prior, in tried choices. */
const PRIOR = 1;

/**
 * The next choice to try: drawn from the distribution of the good ones, and of those draws the one with the largest ratio of its density among the good to
 * its density among the rest, dimensions taken as independent. Undefined when every draw is taken. Tree-structured Parzen estimator for
 * categories, after Bergstra et al., "Algorithms for Hyper-Parameter Optimization" (2011).
 */
export function nextChoice(options: TpeOptions): Choice | undefined {
  const { dimensions, tried, random, isTaken = () => false, draws = 24, good = 0.25 } = options;
  const names = Object.keys(dimensions);
  const ranked = [...tried].sort((one, other) => other.score - one.score);
  const cut = ranked.length === 0 ? 0 : Math.max(1, Math.round(good * ranked.length));
  const density = (part: readonly ScoredChoice[]) => (name: string, value: string) => {
    const count = part.filter(({ choice }) => choice[name] === value).length;
    return (count + PRIOR / (dimensions[name]?.length ?? 1)) / (part.length + PRIOR);
  };
  const [among, rest] = [density(ranked.slice(0, cut)), density(ranked.slice(cut))];
  let best: { choice: Choice; promise: number } | undefined;
  for (let draw = 0; draw < draws; draw += 1) {
    const choice = Object.fromEntries(
      names.map((name) => [name, drawValue(dimensions[name] ?? [], (value) => among(name, value), random)]),
    );
    if (isTaken(choice) || tried.some((known) => isSame(names, known.choice, choice))) continue;
    const promise = names.reduce((sum, name) => {
      const value = choice[name] ?? "";
      return sum + Math.log(among(name, value) / rest(name, value));
    }, 0);
    if (!best || promise > best.promise) best = { choice, promise };
  }
  return best?.choice;
}

function drawValue(values: readonly string[], weight: (value: string) => number, random: Random): string {
  const total = values.reduce((sum, value) => sum + weight(value), 0);
  let left = random.next() * total;
  for (const value of values) {
    left -= weight(value);
    if (left < 0) return value;
  }
  return values[randomInteger(random, values.length)] ?? "";
}

function isSame(names: readonly string[], one: Choice, other: Choice): boolean {
  return names.every((name) => one[name] === other[name]);
}
