import type { SplitLimits } from "./split-messages.ts";

/** What the person asked of the demo. */
export interface DemoOptions {
  /** A `text,category` CSV; the built-in messages unless given. */
  data: string | undefined;
  port: number;
  /** Fewer users, and no identical version: for a quick look. */
  fast: boolean;
  /** Stop when done instead of keeping the server up. */
  exit: boolean;
  seed: number;
  /** Where to write the final table as JSON. */
  json: string | undefined;
  /** A GGUF file: the agent is that model. */
  model: string | undefined;
  /** Only these categories of the data. */
  categories: string[] | undefined;
}

/** How many users each phase sees. */
export interface Volume {
  evidence: number;
  usersPerDay: number;
  usersPerHour: Record<"canary" | "later", number>;
  budgetCalls: number;
  messages: SplitLimits;
  /** Shares of the dataset. A model needs fewer examples to show, and more to prove. */
  split: Record<"train" | "validation" | "test", number>;
}

const BUILT_IN = {
  messages: { seedsPerLabel: 3, evidence: Infinity, later: Infinity, heldOut: 1_000 },
  split: { train: 0.7, validation: 0.1, test: 0.2 },
};

/** A model answers each distinct message once for each version. */
const MODEL = {
  messages: { seedsPerLabel: 1, evidence: 220, later: 40, heldOut: 160 },
  split: { train: 0.4, validation: 0.1, test: 0.5 },
};

/** Where the answers come from: nobody but the built-in agent, a model whose prompts are cheap, or one on this machine's processor. */
export type DemoModel = "none" | "cheap" | "dear";

/**
 * Enough for the guide's thresholds: 1,000 voters per arm in a week, and in a day at 5 % so many that a version which is as good as
 * its control is nearly always shown to be. From 25 % on a fraction of the users tells as much.
 */
export function volumeFor(options: { fast: boolean }, model: DemoModel): Volume {
  const shares = model === "none" ? BUILT_IN : MODEL;
  return options.fast
    ? {
        ...shares,
        evidence: model === "none" ? 500 : 400,
        usersPerDay: 640,
        usersPerHour: { canary: 1_000, later: 120 },
        budgetCalls: model === "dear" ? 240 : 200,
      }
    : {
        ...shares,
        evidence: model === "none" ? 800 : 400,
        usersPerDay: 640,
        usersPerHour: { canary: 2_000, later: 160 },
        budgetCalls: model === "dear" ? 240 : 400,
      };
}
