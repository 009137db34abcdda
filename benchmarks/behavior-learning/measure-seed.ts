import {
  type Departure,
  judgeRules,
  learnBehavior,
  type LearnedBehavior,
  withoutContributor,
} from "@agent-learning/learning";
import { HABITS, helps, simulateRuns, type SimulationSize, tryRule } from "./simulate.ts";

export interface SeedResult {
  seed: string;
  /** Departures found, those of them that were planted, and planted ones. */
  found: number;
  right: number;
  planted: number;
  tested: number;
  accuracy: number;
  bigramAccuracy: number;
  gainLowerBound: number;
  fitness: number;
  /** Rules for what helps, and those kept; for what does not, and those retired. */
  helping: number;
  kept: number;
  harming: number;
  retired: number;
  /** What is learned without one expert is what was learned had there never been one, and quotes nobody's run of theirs. */
  recomputed: boolean;
  milliseconds: number;
  wrong: string[];
}

const HELD_OUT_TASKS = 200;

/** One simulated agent, its experts, and everything that is claimed of learning from them. */
export function measureSeed(seed: string, size: SimulationSize): SeedResult {
  const traces = simulateRuns(seed, size);
  const before = performance.now();
  const learned = learnBehavior(traces, { seed });
  const milliseconds = performance.now() - before;
  const isPlanted = (departure: Departure): boolean =>
    HABITS.some(
      ({ tools, direction }) => direction === departure.direction && tools.join() === departure.tools.join(),
    );
  const right = learned.departures.filter(isPlanted);
  const judged = judgeRules(
    learned.rules.map(({ rule, departure }) => tryRule(seed, rule.id, departure, HELD_OUT_TASKS)),
    { seed, resamples: 2_000 },
  );
  const verdicts = learned.rules.map(({ departure }, i) => ({
    helps: helps(departure),
    kept: judged[i]?.verdict === "keep",
  }));
  const helping = verdicts.filter((one) => one.helps);
  const harming = verdicts.filter((one) => !one.helps);
  return {
    seed,
    found: learned.departures.length,
    right: right.length,
    planted: HABITS.length,
    tested: learned.tested,
    accuracy: learned.nextTool?.accuracy ?? 0,
    bigramAccuracy: learned.nextTool?.baselineAccuracy ?? 0,
    gainLowerBound: learned.nextTool?.gainLowerBound ?? 0,
    fitness: learned.replayFitness ?? 0,
    helping: helping.length,
    kept: helping.filter(({ kept }) => kept).length,
    harming: harming.length,
    retired: harming.filter(({ kept }) => !kept).length,
    recomputed: isRecomputed(seed, size, learned),
    milliseconds,
    wrong: learned.departures
      .filter((departure) => !isPlanted(departure))
      .map(({ tools, direction }) => `${direction}: ${tools.join(", ")}`),
  };
}

/** The last expert is taken out; beside it, a simulation in which there never was one. */
function isRecomputed(seed: string, size: SimulationSize, all: LearnedBehavior): boolean {
  const last = `expert-${size.experts - 1}`;
  const removed = learnBehavior(withoutContributor(simulateRuns(seed, size), last), { seed });
  const never = learnBehavior(simulateRuns(seed, { ...size, experts: size.experts - 1 }), { seed });
  const text = JSON.stringify(removed);
  return (
    text === JSON.stringify(never) &&
    text !== JSON.stringify(all) &&
    JSON.stringify(all).includes(`${last}-`) &&
    !text.includes(`"${last}`)
  );
}
