import type { RolloutGuardrail } from "@agent-learning/contract";

/** A guardrail at one look, with what the decision needs to know beyond what people see. */
export interface Assessment extends RolloutGuardrail {
  /** Enough units of the candidate to leave a stage. */
  enough: boolean;
  /** Both arms were heard of lately. */
  fresh: boolean;
  /** The candidate alone has fallen silent. */
  silent: boolean;
  /** What is wrong with the metric's source, in a few words; null while nothing is known to be. */
  outage: string | null;
  /** The candidate is shown to be within the limit. */
  withinLimit: boolean;
}
