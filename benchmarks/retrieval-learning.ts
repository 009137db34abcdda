// What learning from judgements does to a ranking. Usage: node --conditions=agent-learning-source benchmarks/retrieval-learning.ts [--data FOLDER]
// FOLDER has scifact/ (BEIR's layout) and lambdarank/ (LightGBM's example); what is missing is skipped and said. With --lightgbm FOLDER LightGBM learns
// from the same rows beside ours, in a virtual environment of Python that is made in that folder where there is none. --only scifact or lambdarank.
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  createRandom,
  createReranker,
  gateRanking,
  type JudgedQuery,
  learnLambdaMart,
  ndcg,
  type QueryEvidence,
  scoreTrees,
  trainRanking,
} from "@agent-learning/learning";
import { runLightGbm } from "./retrieval-learning/run-lightgbm.ts";
import { readRankFiles } from "./retrieval-learning/read-rank-files.ts";
import { readSciFact } from "./retrieval-learning/read-scifact.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data" },
    lightgbm: { type: "string" },
    only: { type: "string" },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

if (values.only !== "lambdarank") await scifact(join(values.data, "scifact"));
if (values.only !== "scifact") rankFiles(join(values.data, "lambdarank"));

async function scifact(folder: string): Promise<void> {
  const data = await readSciFact(folder);
  if (data === undefined) return say(`SciFact skipped: there is no ${folder}.`);
  const { train, test } = data;
  say(
    `SciFact: ${data.documents} documents indexed in ${(data.indexMilliseconds / 1000).toFixed(1)} s, ${train.length} training and ${test.length} test queries`,
  );
  const started = performance.now();
  const { artifact, trials } = trainRanking(train, { random: createRandom(1) });
  say(
    `trained in ${seconds(started)} s, ${(JSON.stringify(artifact).length / 1024).toFixed(0)} KiB of artifact`,
  );
  for (const { ranker, memoryThreshold, speaks, ndcg10, coldNdcg10 } of trials)
    say(
      `  tried ${ranker} ${memoryThreshold} ${speaks}: ${ndcg10.toFixed(4)} on the folds, ${coldNdcg10.toFixed(4)} on new topics`,
    );
  const reranker = createReranker(artifact);
  // What a store that fetches by id can do: the memory's own candidates beside the store's.
  const recalled = (evidence: QueryEvidence): QueryEvidence => {
    const own = new Set(evidence.candidates.map(({ chunk }) => chunk));
    const more = reranker.recall(evidence.query, 20).filter((chunk) => !own.has(chunk));
    const added = more.map((chunk) => ({ chunk, score: Number.NaN, match: 0 }));
    return { ...evidence, candidates: [...evidence.candidates, ...added] };
  };
  for (const [name, queries] of [
    ["re-ranked", test],
    ["re-ranked and recalled", test.map(recalled)],
  ] as const) {
    const { verdict, reasons, baseline, candidate, pValue, slices } = gateRanking(artifact, null, queries, {
      seed: "1",
    });
    say(
      `${name}: nDCG@10 ${baseline.ndcg10.toFixed(4)} → ${candidate.ndcg10.toFixed(4)} (p ${pValue.toFixed(4)}), ${verdict} ${reasons.join(" ")}`,
    );
    for (const { slice, queries: count, baseline: before, candidate: after } of slices)
      say(`  ${slice} (${count}): ${before.toFixed(4)} → ${after.toFixed(4)}`);
  }
  const harmful = train.map((query) => ({
    ...query,
    grades: new Map([[query.candidates.at(-1)?.chunk ?? "", 1]]),
  }));
  const refused = gateRanking(
    trainRanking(harmful, { random: createRandom(1), treesFrom: Infinity }).artifact,
    null,
    test,
    { seed: "1" },
  );
  say(`judgements turned upside down: ${refused.verdict} (${refused.candidate.ndcg10.toFixed(4)})`);
  const times = test.map(({ query, candidates }) => {
    const before = performance.now();
    reranker.rerank(query, candidates);
    return performance.now() - before;
  });
  times.sort((one, other) => one - other);
  say(`re-ranking 100 candidates: median ${times[150]?.toFixed(2)} ms, p99 ${times[297]?.toFixed(2)} ms`);
}

function rankFiles(folder: string): void {
  const data = readRankFiles(folder);
  if (data === undefined) return say(`LambdaMART skipped: there is no ${folder}.`);
  const sums = [0, 0, 0];
  const started = performance.now();
  const seeds = [1, 2, 3, 4, 5];
  for (const seed of seeds) {
    const ranker = learnLambdaMart(data.train, {
      random: createRandom(seed),
      trees: 100,
      leaves: 31,
      minimumRows: 50,
      minimumHessian: 5,
      queryShare: 0.9,
    });
    for (const [place, cut] of [1, 3, 5].entries())
      (sums[place] as number) += meanNdcg(data.test, cut, (row) => scoreTrees(ranker, row)) / seeds.length;
  }
  say(
    `LambdaMART on LightGBM's rank files, mean of ${seeds.length} seeds: nDCG@1 ${sums[0]?.toFixed(4)}, @3 ${sums[1]?.toFixed(4)}, @5 ${sums[2]?.toFixed(4)} (${seconds(started)} s)`,
  );
  if (values.lightgbm === undefined)
    return say("LightGBM skipped: name a folder for its virtual environment by --lightgbm.");
  const predictions = runLightGbm(values.lightgbm, folder, seeds, say);
  if (predictions === undefined) return;
  const theirs = [1, 3, 5].map(
    (cut) => predictions.reduce((sum, list) => sum + meanNdcgOf(data.test, cut, list), 0) / seeds.length,
  );
  const less = theirs.map((value, place) => value - (sums[place] as number));
  say(
    `LightGBM beside it: nDCG@1 ${theirs[0]?.toFixed(4)}, @3 ${theirs[1]?.toFixed(4)}, @5 ${theirs[2]?.toFixed(4)}; ours is lower by ${less.map((value) => value.toFixed(4)).join(", ")} (at most .01 is the bar)`,
  );
}

/** The same metric of rows that were scored elsewhere, in their order. */
function meanNdcgOf(queries: readonly JudgedQuery[], cut: number, scores: readonly number[]): number {
  const byRow = new Map<readonly number[], number>();
  let at = 0;
  for (const { features } of queries) for (const row of features) byRow.set(row, scores[at++] ?? 0);
  return meanNdcg(queries, cut, (row) => byRow.get(row) ?? 0);
}

function meanNdcg(
  queries: readonly JudgedQuery[],
  cut: number,
  score: (row: readonly number[]) => number,
): number {
  let sum = 0;
  for (const { features, grades } of queries) {
    const scores = features.map(score);
    const order = grades
      .map((_grade, row) => row)
      .toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
    const named = new Map(grades.map((grade, row) => [String(row), grade]));
    // LightGBM counts a query without a relevant row as 1.
    sum += grades.every((grade) => grade === 0) ? 1 : ndcg(order.map(String), named, cut, "exponential");
  }
  return sum / queries.length;
}
