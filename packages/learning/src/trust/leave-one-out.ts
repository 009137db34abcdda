import { holmAdjusted, mcNemarTest } from "@agent-learning/statistics";
import { createDemonstrationsAgent } from "../prompt/demonstrations-agent/create-demonstrations-agent.ts";
import { normaliseText } from "../text/tokenise.ts";

/** What one may learn from, and who it is from; null: nobody in particular. */
export interface ContributedExample {
  input: string;
  output: string;
  contributorId: string | null;
}

/** What is asked. Whoever contributed it is not judged by it: nobody vouches for themselves. */
export interface HeldOutExample {
  input: string;
  output: string;
  contributorId?: string | null | undefined;
}

/** What leaving items out does to the answers to held-out examples. */
export interface LeftOut {
  items: number;
  /** Held-out examples that were asked: of others than those left out. */
  asked: number;
  /** Share of them that is answered right with the items, and without them. */
  scoreWith: number;
  scoreWithout: number;
  /** What the items add to the score; below 0 they take from it. */
  change: number;
  /** Held-out examples that only the whole answers right, and only the rest. */
  onlyWith: number;
  onlyWithout: number;
  /** Exact McNemar test, two-sided, adjusted for so many comparisons (Holm). */
  pValue: number;
}

export interface ContributorInfluence extends LeftOut {
  contributorId: string;
}

/** Contributors who seem harmful on one half of the held-out examples, left out together and judged on the other half. */
export interface CohortInfluence extends LeftOut {
  contributorIds: string[];
}

export interface InfluenceReport {
  heldOut: number;
  score: number;
  /** Contributors with the most items, most harmful first. */
  contributors: ContributorInfluence[];
  /** null: fewer than two of them seem harmful. */
  cohort: CohortInfluence | null;
}

/** An answer to a held-out example: whether it is right, and the share of the votes, 0 to 1, for what is right. */
interface Answered {
  right: boolean;
  support: number;
}

/** Answers between which others may run. */
const STRETCH = 25;
/** Standard errors above zero by which the right answer's votes must rise without somebody who seems harmful. */
const SEEMS = 2;

/**
 * How the score on held-out examples changes without each of the largest contributors, and without those together that each seem to
 * harm: liars who agree hide one another when they are left out one by one. The learner is the built-in agent, which gives the
 * output that most of the nearest examples have: what it measures is whether somebody's items mislead their neighbours, whatever is
 * trained later. It says nothing where each output is another text. A null is let others run in between: one for so many answers.
 *
 * Costs an index and one search a held-out example, for each contributor and once more.
 */
export function* leaveOneContributorOut(
  train: readonly ContributedExample[],
  heldOut: readonly HeldOutExample[],
  most: number,
): Generator<null, InfluenceReport> {
  const counts = new Map<string, number>();
  for (const { contributorId } of train)
    if (contributorId !== null) counts.set(contributorId, (counts.get(contributorId) ?? 0) + 1);
  const largest = [...counts]
    .sort(([one, items], [other, more]) => more - items || (one < other ? -1 : 1))
    .slice(0, most)
    .map(([contributorId]) => contributorId);
  const whole = yield* answerAll(train, heldOut);
  const without = (contributors: ReadonlySet<string>): Generator<null, Answered[]> =>
    answerAll(
      train.filter(({ contributorId }) => contributorId === null || !contributors.has(contributorId)),
      heldOut,
    );
  /** Places of the examples that may be asked when these contributors are left out. */
  const places = (contributors: ReadonlySet<string>, half?: 0 | 1): number[] =>
    heldOut.flatMap(({ contributorId }, place) =>
      (half === undefined || place % 2 === half) && !contributors.has(contributorId ?? "") ? [place] : [],
    );
  const found: ContributorInfluence[] = [];
  const suspects: string[] = [];
  for (const contributorId of largest) {
    const left = new Set([contributorId]);
    const rest = yield* without(left);
    const compared = compare(whole, rest, places(left), counts.get(contributorId) ?? 0);
    found.push({ contributorId, ...compared });
    const risen = places(left, 0).map((place) => supportOf(rest, place) - supportOf(whole, place));
    if (standardised(risen) > SEEMS) suspects.push(contributorId);
  }
  let cohort: CohortInfluence | null = null;
  if (suspects.length >= 2) {
    const left = new Set(suspects);
    const items = suspects.reduce((sum, id) => sum + (counts.get(id) ?? 0), 0);
    cohort = { contributorIds: suspects, ...compare(whole, yield* without(left), places(left, 1), items) };
  }
  const compared: LeftOut[] = cohort === null ? found : [...found, cohort];
  const adjusted = holmAdjusted(compared.map(({ pValue }) => pValue));
  for (const [place, one] of compared.entries()) one.pValue = adjusted[place] ?? 1;
  found.sort((one, other) => one.change - other.change);
  return {
    heldOut: heldOut.length,
    score: share(whole.map(({ right }) => right)),
    contributors: found,
    cohort,
  };
}

function share(right: readonly boolean[]): number {
  return right.length === 0 ? 0 : right.filter(Boolean).length / right.length;
}

function supportOf(answers: readonly Answered[], place: number): number {
  return answers[place]?.support ?? 0;
}

/** A mean in its standard errors; 0 for too few values, or where all are alike. */
function standardised(values: readonly number[]): number {
  const count = values.length;
  if (count < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (count - 1) / count);
  return error === 0 ? 0 : mean / error;
}

function compare(
  whole: readonly Answered[],
  rest: readonly Answered[],
  places: readonly number[],
  items: number,
): LeftOut {
  const right = (answers: readonly Answered[], place: number): boolean => answers[place]?.right === true;
  const scoreWith = share(places.map((place) => right(whole, place)));
  const scoreWithout = share(places.map((place) => right(rest, place)));
  const onlyWith = places.filter((place) => right(whole, place) && !right(rest, place)).length;
  const onlyWithout = places.filter((place) => right(rest, place) && !right(whole, place)).length;
  return {
    items,
    asked: places.length,
    scoreWith,
    scoreWithout,
    change: scoreWith - scoreWithout,
    onlyWith,
    onlyWithout,
    pValue: mcNemarTest({ onlyBaseline: onlyWith, onlyCandidate: onlyWithout }),
  };
}

function* answerAll(
  train: readonly ContributedExample[],
  heldOut: readonly HeldOutExample[],
): Generator<null, Answered[]> {
  const agent = createDemonstrationsAgent({
    runtime: "demonstrations",
    components: {},
    demonstrations: train.map(({ input, output }) => ({ input, output })),
    parameters: { neighbours: 10 },
  });
  const answers: Answered[] = [];
  for (const { input, output: expected } of heldOut) {
    if (answers.length % STRETCH === 0) yield null;
    const wanted = normaliseText(expected);
    const { output, neighbours } = agent.answer(input);
    const agreeing = neighbours.filter(({ demonstration }) => normaliseText(demonstration.output) === wanted);
    const weight = (of: typeof neighbours): number => of.reduce((sum, { similarity }) => sum + similarity, 0);
    const total = weight(neighbours);
    answers.push({
      right: normaliseText(output) === wanted,
      support: total === 0 ? 0 : weight(agreeing) / total,
    });
  }
  return answers;
}
