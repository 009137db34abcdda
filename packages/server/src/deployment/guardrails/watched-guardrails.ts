import type { AgentPolicy } from "@agent-learning/contract";

/**
 * One guardrail that a rollout is held to. `rate`: the share of failing units against a fixed limit and the control. `drop`: the mean
 * of a metric in 0 to 1 against the control's. `rise`: the upper tail of an unbounded metric against the control's.
 */
export interface WatchedGuardrail {
  name: string;
  /** What is measured of a unit. */
  metric: string;
  kind: "rate" | "drop" | "rise";
  /** The largest share of failures, relative drop or relative rise that is allowed. */
  limit: number;
}

/** The guardrails of a policy, in the order in which people read them. */
export function watchedGuardrails(guardrails: AgentPolicy["guardrails"]): WatchedGuardrail[] {
  const builtIn: Record<AgentPolicy["guardrails"]["required"][number], Omit<WatchedGuardrail, "name">> = {
    error_rate: { metric: "error_rate", kind: "rate", limit: guardrails.max_error_rate },
    satisfaction: { metric: "satisfaction", kind: "drop", limit: guardrails.max_satisfaction_drop },
    latency: { metric: "latency_ms", kind: "rise", limit: guardrails.max_latency_increase },
  };
  return [
    ...guardrails.required.map((name) => ({ name, ...builtIn[name] })),
    ...guardrails.additional.map(({ metric, kind, limit }) => ({ name: metric, metric, kind, limit })),
  ];
}
