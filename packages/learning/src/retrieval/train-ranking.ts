import type { Random } from "../ports.ts";
import { analyse } from "./analyse.ts";
import { evidenceOfRelevance } from "./evidence-of-relevance.ts";
import { growLambdaMart, scoreTrees } from "./lambdamart/learn-lambdamart.ts";
import { fitPairwise, type JudgedQuery, scoreLinear } from "./pairwise-logistic.ts";
import { keepPerActor, type RememberedQuery } from "./query-memory.ts";
import { FOLDS, type Folds, outOfFold } from "./out-of-fold.ts";
import { latestPerActor } from "./latest-per-actor.ts";
import type { QueryEvidence } from "./query-evidence.ts";
import { RANKING_FEATURES } from "./ranking-features.ts";
import { type Grades, ndcg } from "./ranking-metrics.ts";
import {
  IDENTITY_RETRIEVAL,
  RETRIEVAL_ARTIFACT_FORMAT,
  type RetrievalArtifact,
} from "./retrieval-artifact.ts";
import { runSteps } from "./run-steps.ts";

export interface TrainRankingOptions {
  random: Random;
  /** Judged queries from which on trees are tried beside the weighted sum; default 500. */
  treesFrom?: number;
  /** Pairs of query and chunk that one actor may add to the memory, and judged queries to the ranker; default 50. */
  pairsPerActor?: number;
  /** Pairs in the memory at most, the latest; default 20,000. */
  memoryPairs?: number;
  /** Judged queries that the ranker is learned from at most, the latest; default 2,000. The memory knows the others too. */
  rankerQueries?: number;
  signal?: AbortSignal | undefined;
  onProgress?: (done: number, of: number) => void;
}

/** What a way to rank reached on the folds. */
export interface RankingTrial {
  ranker: "none" | "linear" | "trees";
  memoryThreshold: number;
  speaks: RetrievalArtifact["speaks"];
  /** Mean nDCG@10 of queries that the ranker did not learn from, the rest of the evidence known. */
  ndcg10: number;
  /** The same with nothing known that shares a chunk with the query: what a new topic would see. */
  coldNdcg10: number;
}

export interface TrainedRanking {
  artifact: RetrievalArtifact;
  /** The chosen way is the first; "none" is the store's own order. */
  trials: RankingTrial[];
}

const THRESHOLDS = [0.2, 0.4];
/**
 * Where people marked what they were shown, marks are on what stands first already, and the folds cannot tell what a new topic would lose
 * by another order: then the order is left alone unless the memory clearly knows the question.
 */
const THRESHOLDS_FOR_MARKS = [0.4];
const PAIRS_PER_ACTOR = 50;
const MEMORY_PAIRS = 20_000;
const RANKER_QUERIES = 2_000;
/** How much a query counts as it would look if its topic were new, beside 1 for the query as it is. */
const COLD_WEIGHT = 0.5;
/** What a new topic may lose, on the folds, for the sake of the others: what the gate accepts. */
const COLD_TOLERANCE = 0.01;
/** Share of the best rank down to which all rows teach: the thirtieth. */
const LOWEST_TAUGHT = 1 / 30;
const TREES = { trees: 60, leaves: 15, minimumRows: 50 };

const memoryOf = (list: readonly QueryEvidence[]): RememberedQuery[] =>
  list
    .toSorted((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1))
    .flatMap(({ id, query, actor, grades }) =>
      [...grades.keys()].map((chunk) => ({ query, chunk, actor, evidence: id })),
    );

/**
 * The rows that a ranker learns from: what stands far below and nobody remembers has little to teach. Whether it is relevant may not matter
 * here, or standing far below would look like a sign of it.
 */
function toLearnFrom({ features, grades, ...rest }: JudgedQuery): JudgedQuery {
  const kept = features.flatMap((row, index) =>
    (row[RECIPROCAL_RANK] as number) >= LOWEST_TAUGHT || (row[MEMORY] as number) > 0 ? [index] : [],
  );
  return {
    ...rest,
    features: kept.map((index) => features[index] as number[]),
    grades: kept.map((index) => grades[index] as number),
  };
}

type Ranker = NonNullable<RetrievalArtifact["ranker"]>;
type Learn = (queries: readonly JudgedQuery[]) => Generator<void, Ranker>;

const scoreRow = (ranker: Ranker, row: readonly number[]): number =>
  ranker.kind === "linear" ? scoreLinear(ranker, row) : scoreTrees(ranker, row);

/** nDCG@10 of one query's rows in the order of `score`; grades that no row has are lost. */
function quality(
  { features, grades }: JudgedQuery,
  all: Grades,
  score: (row: readonly number[]) => number,
): number {
  const scores = features.map(score);
  const order = grades.map((_grade, row) => row).toSorted((a, b) => scores[b]! - scores[a]! || a - b);
  // Rows have no names here: their places stand for them, and what was not found for the rest.
  const known = new Map(
    grades.map((grade, row) => [String(row), grade] as const).filter(([, grade]) => grade > 0),
  );
  const missing = [...all.values()].length - known.size;
  for (let index = 0; index < missing; index += 1) known.set(`missing ${index}`, 1);
  return ndcg(order.map(String), known, 10);
}

const SCORE_SHARE = RANKING_FEATURES.indexOf("score_share");
const RECIPROCAL_RANK = RANKING_FEATURES.indexOf("reciprocal_rank");
const MEMORY = RANKING_FEATURES.indexOf("memory");
const BEST_MEMORY = RANKING_FEATURES.indexOf("best_memory");
const WAYS = ["remembered", "always"] as const;

interface Tried {
  ndcg10: number;
  coldNdcg10: number;
}

/** The queries as they are, and once more as if their topics were new. */
const bothWays = (warm: readonly JudgedQuery[], cold: readonly JudgedQuery[]): JudgedQuery[] => [
  ...warm.map(toLearnFrom),
  ...cold.map((query) => ({ ...toLearnFrom(query), weight: COLD_WEIGHT * (query.weight ?? 1) })),
];

/**
 * Cross-validation over the warm folds: each fifth is ranked by what the others taught, as it is, and as if its topics were new; for each
 * of the ways to speak.
 */
function* tryRanker(
  list: readonly QueryEvidence[],
  { warm, cold }: Folds,
  fold: ReadonlyMap<string, number>,
  learn: Learn | undefined,
): Generator<void, Record<RetrievalArtifact["speaks"], Tried>> {
  const sums = { remembered: { ndcg10: 0, coldNdcg10: 0 }, always: { ndcg10: 0, coldNdcg10: 0 } };
  for (let own = 0; own < FOLDS; own += 1) {
    const others = list.flatMap(({ id }, index) => (fold.get(id) === own ? [] : [index]));
    const at = (queries: readonly JudgedQuery[]): JudgedQuery[] =>
      others.map((index) => queries[index] as JudgedQuery);
    const ranker = learn === undefined ? undefined : yield* learn(bothWays(at(warm), at(cold)));
    yield;
    for (const [index, { id, grades }] of list.entries()) {
      if (fold.get(id) !== own) continue;
      for (const [key, query] of [
        ["ndcg10", warm[index] as JudgedQuery],
        ["coldNdcg10", cold[index] as JudgedQuery],
      ] as const) {
        const before = quality(query, grades, (row) => row[SCORE_SHARE] as number);
        const after = ranker === undefined ? before : quality(query, grades, (row) => scoreRow(ranker, row));
        const isRemembered = (query.features[0]?.[BEST_MEMORY] ?? 0) > 0;
        sums.always[key] += after;
        sums.remembered[key] += isRemembered ? after : before;
      }
    }
  }
  for (const sum of Object.values(sums)) {
    sum.ndcg10 /= list.length || 1;
    sum.coldNdcg10 /= list.length || 1;
  }
  return sums;
}

interface Attempt {
  trial: RankingTrial;
  learn: Learn | undefined;
  folds: Folds;
}

/** The best of those that lose nothing to speak of on new topics; of equals the one that was tried first. */
function bestOf(attempts: readonly Attempt[]): Attempt {
  const own = attempts[0]?.trial.coldNdcg10 ?? 0;
  return attempts
    .filter(({ trial }) => trial.coldNdcg10 >= own - COLD_TOLERANCE)
    .toSorted((one, other) => other.trial.ndcg10 - one.trial.ndcg10)[0] as Attempt;
}

/**
 * Learns a ranking from queries whose relevant chunks are known: a memory of queries, the chunks' relevance, and a ranker over both and the
 * store's own score. Several ways are tried by cross-validation with out-of-fold features, from the store's own order (always one of
 * them) over weighted sums to trees (from `treesFrom` queries on); the best is taken among those that lose nothing to speak of on topics
 * that nobody asked about before. The ranker learns from each query twice, as it is and as if its topic were new, so that it knows
 * what a chance likeness to another query looks like. Whether it replaces what is in service is for `gateRanking` to say, on later
 * queries.
 */
export function trainRanking(
  evidence: readonly QueryEvidence[],
  options: TrainRankingOptions,
): TrainedRanking {
  return runSteps(trainRankingInSteps(evidence, options));
}

/** The same in steps of some tenths of a second, for a caller who has other things to do in between. */
export function* trainRankingInSteps(
  evidence: readonly QueryEvidence[],
  options: TrainRankingOptions,
): Generator<void, TrainedRanking> {
  const { random, treesFrom = 500, pairsPerActor = PAIRS_PER_ACTOR, memoryPairs = MEMORY_PAIRS } = options;
  const { rankerQueries = RANKER_QUERIES, signal, onProgress } = options;
  const list = evidence.filter(({ grades, signs }) => grades.size > 0 || (signs?.length ?? 0) > 0);
  const judged = list.filter(({ grades }) => grades.size > 0).toSorted((one, other) => one.at - other.at);
  const judges = latestPerActor(judged, pairsPerActor).slice(-rankerQueries);
  const draw = random.fork("folds");
  const fold = new Map(list.map(({ id }) => [id, Math.floor(draw.next() * FOLDS)]));
  const learnTrees: Learn = (queries) =>
    growLambdaMart(queries, { ...TREES, random: random.fork("trees"), signal });
  const isMarked = judges.some(({ signs }) => signs !== undefined);
  const thresholds = isMarked ? THRESHOLDS_FOR_MARKS : THRESHOLDS;
  const steps = thresholds.length + 3;
  let done = 0;
  const step = (): void => {
    onProgress?.(done, steps);
    done += 1;
    signal?.throwIfAborted();
  };
  const attempts: Attempt[] = [];
  const attempt = function* (
    ranker: RankingTrial["ranker"],
    memoryThreshold: number,
    learn: Learn | undefined,
    folds: Folds,
  ): Generator<void, void> {
    const tried = yield* tryRanker(judges, folds, fold, learn);
    for (const speaks of ranker === "none" || isMarked ? (["remembered"] as const) : WAYS)
      attempts.push({ trial: { ranker, memoryThreshold, speaks, ...tried[speaks] }, learn, folds });
  };
  step();
  const known = new Map<string, string[]>();
  const termsOf = (query: string): string[] => {
    let terms = known.get(query);
    if (terms === undefined) known.set(query, (terms = analyse(query)));
    return terms;
  };
  const pairs = keepPerActor(memoryOf(list), pairsPerActor, termsOf).slice(-memoryPairs);
  const looked = yield* outOfFold(list, judges, fold, { pairs, thresholds, termsOf });
  for (const [place, threshold] of thresholds.entries()) {
    step();
    const folds = looked[place] as Folds;
    if (attempts.length === 0) yield* attempt("none", 1, undefined, folds);
    if (judges.length > 0) yield* attempt("linear", threshold, (queries) => fitPairwise(queries), folds);
  }
  step();
  if (judges.length >= treesFrom) {
    // Trees cost most: they are tried where the weighted sum did best.
    const [best] = attempts.slice(1).toSorted((one, other) => other.trial.ndcg10 - one.trial.ndcg10);
    if (best !== undefined) yield* attempt("trees", best.trial.memoryThreshold, learnTrees, best.folds);
  }
  step();
  const chosen = bestOf(attempts);
  const { learn, folds, trial } = chosen;
  const artifact: RetrievalArtifact =
    learn === undefined
      ? IDENTITY_RETRIEVAL
      : {
          format: RETRIEVAL_ARTIFACT_FORMAT,
          memory: withoutNames(pairs),
          memoryThreshold: trial.memoryThreshold,
          relevance: Object.fromEntries(
            [...evidenceOfRelevance(list)].toSorted(([one], [other]) => (one < other ? -1 : 1)),
          ),
          speaks: trial.speaks,
          ranker: yield* learn(bothWays(folds.warm, folds.cold)),
        };
  onProgress?.(steps, steps);
  return {
    artifact,
    trials: [chosen, ...attempts.filter((each) => each !== chosen)].map((each) => each.trial),
  };
}

/** Numbers for actors: who it was stays in the database. */
function withoutNames(pairs: readonly RememberedQuery[]): RememberedQuery[] {
  const numbers = new Map<string, number>();
  return pairs.map((pair) => {
    if (!numbers.has(pair.actor)) numbers.set(pair.actor, numbers.size);
    return { ...pair, actor: String(numbers.get(pair.actor)) };
  });
}
