export { BUILT_IN, builtInMetric, guardrailMetric, isBuiltIn, isWatchedForHarm } from "./built-in-metrics.ts";
export { metricsOf } from "./metrics-of.ts";
export { outcomeFault } from "./outcome-fault.ts";
export { defaultMetrics, resolveMetrics } from "./resolve-metrics.ts";
