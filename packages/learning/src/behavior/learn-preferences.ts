import { pairedBootstrapLowerBound, wilsonInterval } from "@agent-learning/statistics";
import { createRandom } from "../random.ts";
import { answerFeatures } from "./answer-features.ts";
import { fitPreferenceModel, type JudgedAnswers, type PreferenceModel } from "./preference-model.ts";

/** One person's word on two answers to one input. */
export interface JudgedAnswerPair {
  input: string;
  a: string;
  b: string;
  preferred: "A" | "B" | "tie";
  /** 1 to 5; default 3. */
  strength?: number | undefined;
  /** Which was shown first; unknown: as if by chance. */
  first?: "A" | "B" | undefined;
}

/** What people prefer, as far as their judgements tell. */
export interface LearnedPreferences {
  /** Undefined: too few judgements, or it is not shown to be better than chance on judgements it has not seen. */
  model: PreferenceModel | undefined;
  /** Judgements that prefer one answer. */
  judgements: number;
  /** Judgements of inputs that the model was not made from, and those that it told. */
  heldOut: { judgements: number; right: number; interval: [number, number] } | undefined;
}

/** Judgements below which nothing is learned. */
export const LEAST_JUDGEMENTS = 20;
const FOLDS = 5;
const PENALTY = 1;
const USUAL_STRENGTH = 3;

/**
 * The preference model with a length control, learned from judgements, and what it is worth: its accuracy on inputs that it was not
 * made from, five parts in turn. It is used only where the lower end of that accuracy's interval is above a half. Ties say that neither
 * is better: half a judgement each way.
 */
export function learnPreferences(
  pairs: readonly JudgedAnswerPair[],
  options: { seed: string },
): LearnedPreferences {
  const decided = pairs.filter(({ preferred }) => preferred !== "tie");
  if (decided.length < LEAST_JUDGEMENTS)
    return { model: undefined, judgements: decided.length, heldOut: undefined };
  const inputs = [...new Set(pairs.map(({ input }) => input))].sort();
  const fold = foldsOf(inputs, options.seed);
  let [judgements, right] = [0, 0];
  for (let held = 0; held < FOLDS; held += 1) {
    const seen = pairs.filter(({ input }) => fold.get(input) !== held);
    const unseen = decided.filter(({ input }) => fold.get(input) === held);
    if (unseen.length === 0 || !seen.some(({ preferred }) => preferred !== "tie")) continue;
    const model = fit(seen);
    for (const { input, a, b, preferred } of unseen) {
      const chance = model.probability(answerFeatures(input, a), answerFeatures(input, b));
      judgements += 1;
      if (chance > 0.5 === (preferred === "A")) right += 1;
    }
  }
  if (judgements === 0) return { model: undefined, judgements: decided.length, heldOut: undefined };
  const { lower, upper } = wilsonInterval(right, judgements);
  return {
    model: lower > 0.5 ? fit(pairs) : undefined,
    judgements: decided.length,
    heldOut: { judgements, right, interval: [lower, upper] },
  };
}

/** How far a model prefers a candidate's answers to a baseline's, 0 to 1, with an interval over the rows; one half is neither. */
export interface PreferredShare {
  /** Rows that both answered, and differently. */
  rows: number;
  mean: number;
  interval: [number, number];
}

/** Undefined where no answer differs. */
export function comparePreferred(
  model: PreferenceModel,
  rows: readonly { input: string; baseline: string; candidate: string }[],
  options: { seed: string },
): PreferredShare | undefined {
  const chances = rows
    .filter(({ baseline, candidate }) => baseline !== candidate)
    .map(({ input, baseline, candidate }) =>
      model.probability(answerFeatures(input, candidate), answerFeatures(input, baseline)),
    );
  if (chances.length === 0) return undefined;
  const bound = (values: readonly number[]): { mean: number; lower: number } =>
    pairedBootstrapLowerBound(values, { seed: options.seed, confidence: 0.975, resamples: 2_000 });
  const { mean, lower } = bound(chances);
  const upper = 1 - bound(chances.map((chance) => 1 - chance)).lower;
  return { rows: chances.length, mean, interval: [lower, upper] };
}

function foldsOf(inputs: readonly string[], seed: string): ReadonlyMap<string, number> {
  const random = createRandom(seed).fork("folds");
  const keyed = inputs.map((input) => ({ input, key: random.next() }));
  keyed.sort((one, other) => one.key - other.key);
  return new Map(keyed.map(({ input }, place) => [input, place % FOLDS]));
}

/** The answer that was shown first is the model's A, so that its position weight is a liking for what comes first. */
function fit(pairs: readonly JudgedAnswerPair[]): PreferenceModel {
  return fitPreferenceModel(
    pairs.flatMap(({ input, a, b, preferred, strength, first }, i): JudgedAnswers[] => {
      // Where nobody knows the order, every other one is turned.
      const isTurned = (first ?? (i % 2 === 0 ? "A" : "B")) === "B";
      const [one, other] = isTurned ? [b, a] : [a, b];
      const answers = {
        a: answerFeatures(input, one),
        b: answerFeatures(input, other),
        lengthA: one.length,
        lengthB: other.length,
      };
      if (preferred === "tie")
        return [
          { ...answers, preferred: "A", weight: 0.5 },
          { ...answers, preferred: "B", weight: 0.5 },
        ];
      const isFirst = (preferred === "A") !== isTurned;
      return [
        { ...answers, preferred: isFirst ? "A" : "B", weight: (strength ?? USUAL_STRENGTH) / USUAL_STRENGTH },
      ];
    }),
    { penalty: PENALTY },
  );
}
