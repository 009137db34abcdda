export { CounterBuilder, CounterLedger, type Counters, dayOf } from "../../collection/statistics/counters.ts";
export { changeOpenAnnotations, fold } from "./fold.ts";
export { GAUGE_DAY, OPEN_ANNOTATIONS, qualityMetric, qualityTenth, TOTAL_EXAMPLES } from "./gauges.ts";
export { QUALITY_DAYS, readGauges, readMeanQuality, readToday } from "./store.ts";
