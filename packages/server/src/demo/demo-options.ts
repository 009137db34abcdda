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
  usersPerLook: number;
  budgetCalls: number;
}

/**
 * Enough for the guide's thresholds: 1,000 users per arm in a week, 200 in the canary in a day at 5 %.
 * A language model answers each distinct message once for each version, whatever the number of users.
 */
export function volumeFor(options: DemoOptions): Volume {
  return options.fast
    ? { evidence: 500, usersPerDay: 330, usersPerLook: 900, budgetCalls: 200 }
    : { evidence: 800, usersPerDay: 450, usersPerLook: 1_200, budgetCalls: 400 };
}
