import type { JsonValue } from "../../../json.ts";
import type { Candidate, Demonstration } from "../../candidate.ts";
import { inputKey, type Row } from "../../rows.ts";
import { demonstrationPool, largestSet } from "../demonstration-search/demonstration-pool.ts";
import { ladder } from "../demonstration-search/ladder.ts";
import { SELECTIONS } from "../demonstration-search/select-demonstrations.ts";
import type {
  OptimizationTask,
  Optimizer,
  OptimizerProgress,
  OptimizerResult,
  OptimizerTools,
} from "../optimizer.ts";
import { promptCost } from "../prompt-cost.ts";
import { selectBest } from "../select-best.ts";
import { shrinkScores } from "../shrink-scores.ts";
import type { Trial } from "../trial-book.ts";
import { bootstrapPool } from "./bootstrap-pool.ts";
import { type Choice, nextChoice, type ScoredChoice } from "./categorical-tpe.ts";
import { type Order, orderDemonstrations, ORDERS } from "./order-demonstrations.ts";

const NAME = "joint_search";
const BLOCK = 20;
const LONGEST_RUN = 24;
const MOST_INSTRUCTIONS = 3;
const DRAWS = ["0", "1"];
const COST_SAMPLE = 8;
const NEAREST = "nearest";
const BOOTSTRAPPED = "bootstrapped";
/** Bootstrapped demonstrations below which they are no selection of their own. */
const LEAST_BOOTSTRAPPED = 8;

/**
 * Instruction, number, selection and order of demonstrations together, by a categorical TPE that starts from what the other
 * optimizers tried. It learns from shrunk scores: at twenty rows a candidate the raw ones are mostly noise.
 */
export const jointSearch: Optimizer = {
  name: NAME,
  // Each of its steps is a prompt of its own.
  applies: ({ seed, training, dearPrompts }) =>
    seed.runtime === "model" && dearPrompts !== true && training.length >= BLOCK,
  run,
};

interface Space {
  pool: readonly Demonstration[];
  bootstrapped: readonly Demonstration[];
  instructions: readonly Record<string, string>[];
  dimensions: Readonly<Record<string, readonly string[]>>;
}

async function* run(
  task: OptimizationTask,
  tools: OptimizerTools,
): AsyncGenerator<OptimizerProgress, OptimizerResult> {
  const rows = tools.rows.slice(0, BLOCK);
  const space = searchSpace(task, tools);
  if (!space) return { stoppedBecause: "not_applicable", notes: [] };
  const known = new Map<Trial, Choice>();
  for (const trial of tools.book.trials()) {
    const choice = choiceOf(trial, space);
    if (choice) known.set(trial, choice);
  }
  for (let step = 0; step < LONGEST_RUN; step += 1) {
    const random = tools.random.fork(`step:${step}`);
    const choice = nextChoice({ dimensions: space.dimensions, tried: scored(tools, known), random });
    if (!choice) break;
    const candidate = build(task.seed, space, choice, tools);
    const trial = tools.book.add({
      candidate,
      family: { selection: choice["selection"] ?? "", size: Number(choice["size"]) },
      origin: NAME,
      promptTokens: promptCost(candidate, costInputs(tools.rows)),
    });
    known.set(trial, choice);
    await tools.evaluate(trial, rows);
    yield {
      optimizer: NAME,
      message: `Tried ${choice["size"]} ${choice["selection"]} demonstrations, ${choice["order"]}`,
      share: (step + 1) / LONGEST_RUN,
    };
  }
  return { stoppedBecause: "finished", notes: [] };
}

function searchSpace(task: OptimizationTask, { book, rows }: OptimizerTools): Space | undefined {
  const pool = demonstrationPool(task);
  const largest = largestSet(task, pool, costInputs(rows));
  if (largest === 0) return undefined;
  const { best, ranking } = selectBest(book.trials());
  const distinct = new Map<string, Record<string, string>>();
  for (const { components } of [task.seed, ...ranking.map(({ trial }) => trial.candidate)]) {
    if (distinct.size < MOST_INSTRUCTIONS) distinct.set(JSON.stringify(components), components);
  }
  const instructions = [...distinct.values()];
  const bootstrapped = bootstrapPool(best, book.seed(), rows);
  const selections = [...Object.keys(SELECTIONS), NEAREST];
  if (bootstrapped.length >= LEAST_BOOTSTRAPPED) selections.push(BOOTSTRAPPED);
  return {
    pool,
    bootstrapped,
    instructions,
    dimensions: {
      instruction: instructions.map((_, index) => String(index)),
      selection: selections,
      size: ladder(largest).map(String),
      draw: DRAWS,
      order: ORDERS,
    },
  };
}

/** Where a trial of another optimizer lies in the space; undefined when it does not lie in it. */
function choiceOf({ candidate, family }: Trial, { instructions, dimensions }: Space): Choice | undefined {
  const components = JSON.stringify(candidate.components);
  const instruction = instructions.findIndex((known) => JSON.stringify(known) === components);
  const isIn = (name: string, value: string): boolean => dimensions[name]?.includes(value) ?? false;
  if (instruction < 0 || !isIn("selection", family.selection) || !isIn("size", String(family.size))) {
    return undefined;
  }
  return {
    instruction: String(instruction),
    selection: family.selection,
    size: String(family.size),
    draw: "",
    order: "drawn",
  };
}

function scored({ book }: OptimizerTools, known: ReadonlyMap<Trial, Choice>): ScoredChoice[] {
  return shrinkScores(book.trials()).flatMap(({ trial, shrunk }) => {
    const choice = known.get(trial);
    return choice ? [{ choice, score: shrunk }] : [];
  });
}

function build(seed: Candidate, space: Space, choice: Choice, tools: OptimizerTools): Candidate {
  const size = Number(choice["size"]);
  const components = space.instructions[Number(choice["instruction"])] ?? seed.components;
  const { demonstration_selection: _, nearest_demonstrations: __, ...parameters } = seed.parameters;
  if (choice["selection"] === NEAREST) {
    const near: Record<string, JsonValue> = {
      demonstration_selection: "nearest",
      nearest_demonstrations: size,
    };
    return { ...seed, components, demonstrations: [...space.pool], parameters: { ...parameters, ...near } };
  }
  const random = tools.random.fork(`set:${choice["selection"]}:${size}:${choice["draw"]}`);
  const select = SELECTIONS[choice["selection"] ?? ""];
  const chosen = select ? select(space.pool, size, random) : space.bootstrapped.slice(0, size);
  const hard = hardInputs(tools);
  const order = (choice["order"] ?? "drawn") as Order;
  const demonstrations = orderDemonstrations(chosen, order, (key) => hard.has(key), random);
  return { ...seed, components, demonstrations, parameters };
}

function hardInputs({ book, rows }: OptimizerTools): Set<string> {
  const { scores } = book.seed();
  return new Set(rows.filter((row) => (scores.get(row.id) ?? 1) < 1).map((row) => inputKey(row.input)));
}

function costInputs(rows: readonly Row[]): string[] {
  return rows.slice(0, COST_SAMPLE).map((row) => row.input);
}
