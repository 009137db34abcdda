import type { RolloutGuardrail } from "@agent-learning/contract";

/** A guardrail at one look, with what the decision needs to know beyond what people see. */
export interface Assessment extends RolloutGuardrail {
  /** Enough units of the candidate to leave a stage. */
  enough: boolean;
  /** Both arms were heard of lately. */
  fresh: boolean;
  /** The candidate alone has fallen silent. */
  silent: boolean;
  /** The candidate is shown to be within the limit. */
  withinLimit: boolean;
}
