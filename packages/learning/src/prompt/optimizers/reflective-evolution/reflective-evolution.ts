import type { Candidate } from "../../candidate.ts";
import type { EvaluatedRow } from "../../evaluation-cache.ts";
import { BudgetExhausted } from "../../ledger.ts";
import type { Random } from "../../../ports.ts";
import type { Row } from "../../rows.ts";
import type {
  OptimizationTask,
  Optimizer,
  OptimizerProgress,
  OptimizerResult,
  OptimizerTools,
  StopReason,
} from "../optimizer.ts";
import { promptCost } from "../prompt-cost.ts";
import { selectBest } from "../select-best.ts";
import type { Trial } from "../trial-book.ts";
import { mergeCandidates } from "./merge-candidates.ts";
import { drawMinibatch, type Example } from "./minibatch.ts";
import { drawParent, paretoPool } from "./pareto-pool.ts";
import { isAbort, proposeChild, refusal } from "./propose-child.ts";

const NAME = "reflective_evolution";
/** Rows on which members of the pool are compared. */
const POOL_ROWS = 24;
/** Rows that are answered anew when the parent has too few to reflect on. */
const BLOCK = 16;
const LONGEST_RUN = 12;
const PROPOSALS = 2;
/** Proposals in a row without a gain after which the budget is worth more elsewhere. */
const PATIENCE = 6;
const BETTER = "A proposal beat its parent on the minibatch";

/**
 * Reflection over failures with a pool of parents. A parent is drawn by the rows that it leads, a proposer sees a minibatch, half
 * of it failures, and rewrites one component; a child that beats its parent on the minibatch joins the pool. Where there are
 * several components, two members that improved different ones are merged. A proposal that cannot be used (malformed,
 * unchanged, literals lost, rows copied, too long, endpoint failed) costs that proposal, never the run. After Agrawal et al.,
 * "GEPA: Reflective Prompt Evolution" (2025), with larger minibatches and an early end for proposers that change nothing.
 */
export const reflectiveEvolution: Optimizer = {
  name: NAME,
  applies: ({ seed, training }, hasProposer) =>
    hasProposer && seed.runtime === "model" && training.length > 0,
  run,
};

interface Evolution {
  task: OptimizationTask;
  tools: OptimizerTools;
  /** Where members of the pool are compared, and where minibatches come from: apart when there are rows for both. */
  poolRows: readonly Row[];
  feedbackRows: readonly Row[];
  counts: { tried: number; unusable: number; better: number };
}

async function* run(
  task: OptimizationTask,
  tools: OptimizerTools,
): AsyncGenerator<OptimizerProgress, OptimizerResult> {
  const apart = tools.rows.length >= POOL_ROWS + BLOCK;
  const evolution: Evolution = {
    task,
    tools,
    poolRows: tools.rows.slice(0, POOL_ROWS),
    feedbackRows: apart ? tools.rows.slice(POOL_ROWS) : tools.rows,
    counts: { tried: 0, unusable: 0, better: 0 },
  };
  const end = (stoppedBecause: StopReason): OptimizerResult => ({
    stoppedBecause,
    notes: [summary(evolution.counts)],
  });
  let idle = 0;
  try {
    await tools.evaluate(selectBest(tools.book.trials()).best, evolution.poolRows);
    for (let step = 0; step < LONGEST_RUN; step += 1) {
      const random = tools.random.fork(`step:${step}`);
      const parent = drawParent(paretoPool(tools.book.trials(), evolution.poolRows), random);
      if (!parent) return end("no_progress");
      const rows = await rowsWithFailures(evolution, parent);
      if (rows.length === 0) return end("ceiling");
      let gained = false;
      for (const message of await reproduce(evolution, parent, rows, step, random)) {
        gained ||= message === BETTER;
        yield { optimizer: NAME, message, share: (step + 1) / LONGEST_RUN };
      }
      idle = gained ? 0 : idle + PROPOSALS;
      if (gained) yield* merge(evolution);
      if (idle >= PATIENCE) return end("no_progress");
    }
  } catch (error) {
    if (!BudgetExhausted.isInstance(error)) throw error;
    return end("budget");
  }
  return end("finished");
}

/** Feedback rows that the parent answered, a failure among them; more are answered while there is none. Empty: it never fails. */
async function rowsWithFailures({ tools, feedbackRows }: Evolution, parent: Trial): Promise<Row[]> {
  for (let end = BLOCK; ; end += BLOCK) {
    const rows = feedbackRows.slice(0, end);
    await tools.evaluate(parent, rows);
    if (rows.some((row) => (parent.scores.get(row.id) ?? 1) < 1)) return rows;
    if (end >= feedbackRows.length) return [];
  }
}

async function reproduce(
  evolution: Evolution,
  parent: Trial,
  rows: readonly Row[],
  step: number,
  random: Random,
): Promise<string[]> {
  const { task, tools, counts } = evolution;
  const names = Object.keys(parent.candidate.components);
  const component = names[step % Math.max(1, names.length)] ?? "system_prompt";
  const batches = Array.from({ length: PROPOSALS }, (_, index) =>
    drawMinibatch(parent, rows, random.fork(`batch:${index}`)),
  );
  // Asked together; read in order, so that nothing depends on who answers first.
  const asked = await Promise.allSettled(
    batches.map((batch) => proposeChild(task, tools, parent, component, batch)),
  );
  const messages: string[] = [];
  let spent: unknown;
  for (const [index, outcome] of asked.entries()) {
    if (outcome.status === "rejected") {
      if (isAbort(outcome.reason) || !BudgetExhausted.isInstance(outcome.reason)) throw outcome.reason;
      spent = outcome.reason;
      continue;
    }
    counts.tried += 1;
    const refused =
      typeof outcome.value === "string" ? outcome.value : refusal(task, tools, outcome.value, component);
    if (typeof outcome.value === "string" || refused !== undefined) {
      counts.unusable += 1;
      messages.push(refused ?? "");
    } else messages.push(await tryOut(evolution, outcome.value, parent, batches[index] ?? []));
  }
  if (spent !== undefined && messages.length === 0) throw spent;
  return messages;
}

async function tryOut(
  evolution: Evolution,
  candidate: Candidate,
  parent: Trial,
  batch: readonly Example[],
): Promise<string> {
  const { tools, counts, poolRows } = evolution;
  const trial = enter(evolution, candidate, parent);
  const scores = await tools.evaluate(
    trial,
    batch.map((example) => example.row),
  );
  const gain = sum(scores) - sum(batch.map((example) => example.evaluated));
  if (gain <= 0) return "A proposal did not beat its parent on the minibatch";
  await tools.evaluate(trial, poolRows);
  counts.better += 1;
  return BETTER;
}

/** Joins the two best members that improved different components. */
async function* merge(evolution: Evolution): AsyncGenerator<OptimizerProgress> {
  const { task, tools, poolRows } = evolution;
  const pool = paretoPool(tools.book.trials(), poolRows).sort((one, other) => other.rowsLed - one.rowsLed);
  for (const [index, { trial: one }] of pool.entries()) {
    for (const { trial: other } of pool.slice(index + 1)) {
      const merged = mergeCandidates(task.seed, one.candidate, other.candidate);
      if (!merged || Object.keys(merged.components).some((name) => refusal(task, tools, merged, name)))
        continue;
      await tools.evaluate(enter(evolution, merged, one), poolRows);
      yield { optimizer: NAME, message: "Merged two candidates that improved different parts", share: 1 };
      return;
    }
  }
}

function enter({ tools, poolRows }: Evolution, candidate: Candidate, parent: Trial): Trial {
  return tools.book.add({
    candidate,
    family: { selection: "instruction", size: parent.family.size },
    origin: NAME,
    promptTokens: promptCost(
      candidate,
      poolRows.slice(0, 8).map((row) => row.input),
    ),
  });
}

function sum(rows: readonly EvaluatedRow[]): number {
  return rows.reduce((total, row) => total + row.score, 0);
}

function summary({ tried, unusable, better }: Evolution["counts"]): string {
  return `Of ${tried} instruction proposals, ${unusable} could not be used and ${better} beat their parent.`;
}
