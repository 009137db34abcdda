import { setImmediate as yieldToOthers } from "node:timers/promises";
import {
  agentPolicy,
  type DatasetInfluence,
  type DatasetInfluenceQuery,
  type InfluenceMeasure,
} from "@agent-learning/contract";
import {
  type ContributedExample,
  type InfluenceReport,
  judgeInfluence,
  leaveOneContributorOut,
  type LeftOut,
} from "@agent-learning/learning";
import type { TenantContext } from "../../context.ts";
import { notFound } from "../../http/index.ts";
import { readContributedItems, readDatasetPolicy } from "./influence-store.ts";

const MOST_TRAIN = 2_000;
const MOST_HELD_OUT = 300;
/** Verified items from which on nothing else is asked: a group that wrote most of what is held out would vouch for itself. */
const ENOUGH_VERIFIED = 30;
/** Level below which a contributor is warned of. */
const LEVEL = 0.05;

/** A bounded part of a dataset, with who contributed what. */
export interface InfluenceData {
  datasetId: string;
  /** `training.max_contributor_harm` of the dataset's agent. */
  maxHarm: number;
  train: ContributedExample[];
  /** Of the test split, or without one of the validation split: what was verified, where that is enough, else everything. */
  heldOut: ContributedExample[];
}

export async function readInfluenceData(
  ctx: TenantContext,
  datasetId: string,
): Promise<InfluenceData | undefined> {
  const policy = await readDatasetPolicy(ctx, datasetId);
  if (policy === undefined) return undefined;
  const train = await readContributedItems(ctx, datasetId, "train", MOST_TRAIN);
  const test = await readContributedItems(ctx, datasetId, "test", MOST_HELD_OUT);
  const all =
    test.length > 0 ? test : await readContributedItems(ctx, datasetId, "validation", MOST_HELD_OUT);
  const verified = all.filter((item) => item.verified);
  const heldOut = verified.length >= ENOUGH_VERIFIED ? verified : all;
  return { datasetId, maxHarm: agentPolicy.parse(policy).training.max_contributor_harm, train, heldOut };
}

/**
 * What each of a dataset's largest contributors does to the score on what it holds out, by the built-in agent, so that it can be told
 * before anything is trained; and whether what is trained on it may be promoted. Reads and writes nothing.
 */
export async function measureInfluence(
  { datasetId, maxHarm, train, heldOut }: InfluenceData,
  contributors: number,
): Promise<DatasetInfluence> {
  const report = await untilDone(leaveOneContributorOut(train, heldOut, contributors));
  const outputs = new Set(train.map(({ output }) => output)).size;
  const judged = judgeInfluence(report, { items: train.length, outputs }, { maxHarm });
  const harmful = report.contributors.filter(({ change, pValue }) => change < 0 && pValue < LEVEL);
  return {
    dataset_id: datasetId,
    train_examples: train.length,
    held_out_examples: report.heldOut,
    outputs,
    score: report.score,
    contributors: report.contributors.map((row) => ({ user_id: row.contributorId, ...measure(row) })),
    cohort:
      report.cohort === null ? null : { user_ids: report.cohort.contributorIds, ...measure(report.cohort) },
    verdict: judged.verdict,
    sentence: judged.sentence,
    warnings: harmful.map(
      ({ contributorId, items, change }) =>
        `Without the ${items} items of ${contributorId} the held-out score is ${(-100 * change).toFixed(1)} points higher: look at them before you train.`,
    ),
  };
}

/** @throws ProblemError not-found */
export async function getDatasetInfluence({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: DatasetInfluenceQuery & { datasetId: string };
}): Promise<DatasetInfluence> {
  const data = await readInfluenceData(ctx, input.datasetId);
  if (data === undefined) throw notFound("dataset", input.datasetId, "path.datasetId");
  return measureInfluence(data, input.contributors);
}

function measure(one: LeftOut): InfluenceMeasure {
  return {
    items: one.items,
    asked: one.asked,
    score_with: one.scoreWith,
    score_without: one.scoreWithout,
    change: one.change,
    only_with: one.onlyWith,
    only_without: one.onlyWithout,
    p_value: one.pValue,
  };
}

async function untilDone(steps: Generator<null, InfluenceReport>): Promise<InfluenceReport> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await yieldToOthers();
  }
}
