// What retrieval learns from simulated feedback: position bias and noise, from 100 to 100,000 events; a person who poisons; a harmful adapter.
//
//   node --conditions=agent-learning-source benchmarks/retrieval-feedback.ts [--data FOLDER] [--events 100,1000,5000,20000,100000] [--noise 0.1,0.2,0.3]
//     [--only feedback|poison|adapter]
//
// FOLDER has scifact/ (BEIR's layout); without it there is nothing to simulate, and that is said. People ask the training queries in words of
// their own, see BM25's ten best, look the less the lower a chunk stands, and mark what they take for relevant. What was learned from
// the first three quarters is held to the last by the gate, as a training run does it; then it is measured on the 300 test queries, by
// their judgements. No model is needed: the adapter moves vectors of word pairs.
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  adaptQuery,
  analyse,
  boundedPerActor,
  createRandom,
  createReranker,
  type GateQuery,
  gateRanking,
  learnRidgeAdapter,
  type QueryAdapter,
  type QueryEvidence,
  rankingGate,
  type RetrievalArtifact,
  scoreRanking,
  trainRanking,
} from "@agent-learning/learning";
import { readSciFact } from "./retrieval-learning/read-scifact.ts";
import { simulateUsers } from "./retrieval-learning/simulate-users.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data" },
    events: { type: "string", default: "100,1000,5000,20000,100000" },
    noise: { type: "string", default: "0.1,0.2,0.3" },
    only: { type: "string" },
  },
});
/** Numbers of a vector of the adapter's part. */
const DIMENSION = 128;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const numbers = (list: string): number[] => list.split(",").map(Number);

const folder = join(values.data, "scifact");
const data = await readSciFact(folder);
if (data === undefined) say(`Everything skipped: there is no ${folder}.`);
else {
  const { train, test } = data;
  say(`SciFact: ${train.length} queries that people ask, ${test.length} test queries`);
  const wants = (part: string): boolean => values.only === undefined || values.only === part;
  if (wants("feedback")) {
    for (const noise of numbers(values.noise))
      for (const events of numbers(values.events)) feedback(train, test, events, noise);
  }
  if (wants("poison")) poison(train, test);
  if (wants("adapter")) adapter(train, test, data.texts);
}

interface Outcome {
  artifact: RetrievalArtifact;
  verdict: string;
  seconds: number;
}

function learn(evidence: readonly QueryEvidence[]): Outcome {
  const judged = evidence.filter(({ grades }) => grades.size > 0);
  const latest = judged.slice(-Math.floor(judged.length * 0.25));
  const known = evidence.slice(0, evidence.indexOf(latest[0] as QueryEvidence));
  const heldOut = boundedPerActor(latest);
  const started = performance.now();
  const { artifact } = trainRanking(known, { random: createRandom(1) });
  const seconds = (performance.now() - started) / 1000;
  const gate = gateRanking(artifact, null, heldOut, { seed: "1" });
  return { artifact, verdict: gate.verdict, seconds };
}

/** nDCG@10 of test queries, with and without a chunk that the training queries are about too. */
function measure(
  artifact: RetrievalArtifact,
  train: readonly QueryEvidence[],
  test: readonly QueryEvidence[],
) {
  const reranker = createReranker(artifact);
  const known = new Set(train.flatMap(({ grades }) => [...grades.keys()]));
  const sums = { all: [0, 0, 0], warm: [0, 0, 0], cold: [0, 0, 0] };
  for (const { query, candidates, grades } of test) {
    const before = scoreRanking(
      candidates.map(({ chunk }) => chunk),
      grades,
    ).ndcg10;
    const after = scoreRanking(
      reranker.rerank(query, candidates).map(({ chunk }) => chunk),
      grades,
    ).ndcg10;
    const slice = [...grades.keys()].some((chunk) => known.has(chunk)) ? "warm" : "cold";
    for (const sum of [sums.all, sums[slice]]) {
      (sum[0] as number) += before;
      (sum[1] as number) += after;
      (sum[2] as number) += 1;
    }
  }
  return Object.entries(sums)
    .map(
      ([name, [before = 0, after = 0, count = 1]]) =>
        `${name} (${count}) ${(before / count).toFixed(4)} → ${(after / count).toFixed(4)}`,
    )
    .join(", ");
}

function feedback(
  train: readonly QueryEvidence[],
  test: readonly QueryEvidence[],
  events: number,
  noise: number,
): void {
  const evidence = simulateUsers(train, { events, noise, seed: `users ${noise}` });
  const judged = evidence.filter(({ grades }) => grades.size > 0).length;
  const { artifact, verdict, seconds } = learn(evidence);
  say(
    `${events} events, ${noise * 100} % noise (${judged} judged): ${verdict}, learned in ${seconds.toFixed(1)} s; ${measure(artifact, train, test)}`,
  );
}

/** One person who marks the same chunk relevant for whatever is asked, in a tenth of all events. */
function poison(train: readonly QueryEvidence[], test: readonly QueryEvidence[]): void {
  const events = 5_000;
  const chunk = train[0]?.candidates.at(-1)?.chunk ?? "";
  const shareWith = (artifact: RetrievalArtifact): number => {
    const reranker = createReranker(artifact);
    const hit = test.filter(({ query, candidates }) => {
      const all = candidates.some((one) => one.chunk === chunk)
        ? candidates
        : [...candidates, { chunk, score: Number.NaN, match: 0 }];
      return reranker
        .rerank(query, all)
        .slice(0, 10)
        .some((one) => one.chunk === chunk);
    });
    return hit.length / test.length;
  };
  for (const share of [0, 0.1, 0.3]) {
    const users = {
      events,
      noise: 0.1,
      seed: "poisoned",
      ...(share === 0 ? {} : { poisoner: { chunk, share } }),
    };
    const { artifact, verdict } = learn(simulateUsers(train, users));
    const held = artifact.memory.filter((pair) => pair.chunk === chunk).length;
    say(
      `poisoned ${share * 100} % of ${events} events by one person: ${verdict}, ${held} of ${artifact.memory.length} remembered pairs are theirs, their chunk among the first ten of ${(100 * shareWith(artifact)).toFixed(1)} % of the test queries even where it is offered; ${measure(artifact, train, test)}`,
    );
  }
}

/** A text as signed counts of its words in 128 places: an embedder of no quality, which is enough to move. */
function embed(text: string): Float64Array {
  const vector = new Float64Array(DIMENSION);
  for (const term of analyse(text)) {
    let hash = 2_166_136_261;
    for (const letter of term) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619) >>> 0;
    (vector[hash % DIMENSION] as number) += hash & 1_024 ? 1 : -1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

function adapter(
  train: readonly QueryEvidence[],
  test: readonly QueryEvidence[],
  texts: ReadonlyMap<string, string>,
): void {
  const vectors = new Map([...texts].map(([id, text]) => [id, embed(text)]));
  const pairsOf = (pick: (query: QueryEvidence, index: number) => string | undefined) =>
    train.flatMap((query, index) => {
      const text = vectors.get(pick(query, index) ?? "");
      return text === undefined ? [] : [{ query: embed(query.query), text }];
    });
  const order = (query: QueryEvidence, used: QueryAdapter | undefined): string[] => {
    const own = used === undefined ? embed(query.query) : adaptQuery(used, embed(query.query));
    const cosine = (id: string): number => {
      const text = vectors.get(id);
      return text === undefined ? 0 : text.reduce((sum, value, at) => sum + value * (own[at] as number), 0);
    };
    return query.candidates
      .map(({ chunk }) => ({ chunk, cosine: cosine(chunk) }))
      .toSorted((one, other) => other.cosine - one.cosine)
      .map(({ chunk }) => chunk);
  };
  const learned = {
    "from the right documents": pairsOf(({ grades }) => [...grades.keys()][0]),
    "from other queries' documents": pairsOf(
      (_query, index) => [...(train[(index + 97) % train.length]?.grades.keys() ?? [])][0],
    ),
    "away from the right documents": pairsOf(({ grades }) => [...grades.keys()][0]).map(
      ({ query, text }) => ({ query, text: text.map((value) => -value) }),
    ),
  };
  for (const [name, pairs] of Object.entries(learned)) {
    const used = learnRidgeAdapter(pairs, 5);
    const queries = test.map((query): GateQuery => ({
      id: query.id,
      baseline: scoreRanking(order(query, undefined), query.grades),
      candidate: scoreRanking(order(query, used), query.grades),
      slices: [],
    }));
    const { verdict, baseline, candidate, pValue } = rankingGate(queries, { seed: "1" });
    say(
      `adapter learned ${name}: ${verdict}, nDCG@10 ${baseline.ndcg10.toFixed(4)} → ${candidate.ndcg10.toFixed(4)} (p ${pValue.toFixed(4)})`,
    );
  }
}
