import type { Random } from "@agent-learning/learning";
import type { Agent } from "@agent-learning/contract";
import type { ApiClient } from "./api-client.ts";
import type { DemoSplit } from "./split-messages.ts";
import type { Reporter } from "./reporter.ts";

/** The people of the demo, each with a key of their own: nobody approves their own work, here neither. */
export interface People {
  admin: ApiClient;
  /** Runs the loop's automation with a machine key. */
  engineer: ApiClient;
  /** Annotate; the first two are annotators, the third a reviewer. */
  experts: readonly { name: string; api: ApiClient }[];
  /** Approves versions and decides. */
  lead: ApiClient;
}

/** What every step of the demo knows. */
export interface DemoWorld {
  readonly url: string;
  readonly organizationId: string;
  readonly agent: Agent;
  readonly people: People;
  readonly split: DemoSplit;
  readonly random: Random;
  readonly report: Reporter;
  /** Moves learning_now() forward and lets the workers look at what is due. */
  advance(hours: number): Promise<void>;
  /** Hours since the demo began, on the moved clock. */
  hours(): number;
}
