// Cost per call on one core; `node --conditions=agent-learning-source packages/statistics/benchmarks/cost.ts`
import {
  assignVariant,
  boundedMeanTest,
  confidenceSequence,
  createAllocation,
  errorComparisonTest,
  errorRateTest,
  latencyTest,
  liftOf,
  lnSampleRatioBayesFactor,
  proportionSummary,
  satisfactionTest,
  SeededRandom,
  welchTest,
  type ArmSummary,
  type Lift,
} from "../src/index.ts";

const alpha = 0.05 / 3;
const random = new SeededRandom("cost");
const draws = Float64Array.from({ length: 1 << 16 }, () => random.uniform());
const draw = (i: number): number => draws[i & 0xffff] as number;
let sink = 0;

function measure(name: string, calls: number, call: (i: number) => number | boolean): void {
  for (let i = 0; i < calls / 4; i++) sink += Number(call(i));
  const start = performance.now();
  for (let i = 0; i < calls; i++) sink += Number(call(i));
  const nanoseconds = ((performance.now() - start) * 1e6) / calls;
  process.stdout.write(
    `${name.padEnd(52)}${nanoseconds.toFixed(0).padStart(8)} ns${(1e3 / nanoseconds).toFixed(2).padStart(9)} M/s\n`,
  );
}

/** A state that starts anew every `period` observations, as canaries do. */
function restarting<State>(start: () => State, period: number): (i: number) => State {
  let state = start();
  return (i) => (i % period === 0 ? (state = start()) : state);
}

const allocation = createAllocation([50, 30, 20], 0.8);
const units = Array.from({ length: 4096 }, (_, i) => `user-${i * 7919}`);
measure(
  "assignVariant, ASCII",
  5e6,
  (i) => assignVariant("experiment-7", units[i & 4095] as string, allocation) ?? -1,
);
measure(
  "assignVariant, beyond ASCII",
  2e6,
  (i) => assignVariant("expérience", units[i & 4095] as string, allocation) ?? -1,
);

const rate = errorRateTest({ limit: 0.05, alpha });
const rateState = restarting(() => rate.start(), 10_000);
measure("errorRateTest.observe", 2e7, (i) => rate.observe(rateState(i), draw(i) < 0.02));

const mean = boundedMeanTest({ limit: 0.05, breach: "above", alpha });
const meanState = restarting(() => mean.start(), 10_000);
measure("boundedMeanTest.observe", 2e7, (i) => mean.observe(meanState(i), draw(i) < 0.02 ? 1 : 0));

const satisfaction = satisfactionTest({ allowedDrop: 0.1, alpha });
const satisfactionState = restarting(() => satisfaction.start(), 10_000);
measure("satisfactionTest.observe", 1e7, (i) =>
  satisfaction.observe(satisfactionState(i), i & 1 ? "canary" : "control", draw(i) < 0.8 ? 1 : 0),
);

const latency = latencyTest({ alpha });
const latencyState = restarting(() => {
  const state = latency.start();
  latency.refreshLimit(state, { refresh: 0, rank: 135 }, 0.65);
  return state;
}, 10_000);
measure("latencyTest.observe", 1e7, (i) => latency.observe(latencyState(i), draw(i)));

const comparison = errorComparisonTest({ alpha });
const comparisonState = restarting(() => comparison.start(), 400);
measure("errorComparisonTest.observeError", 2e6, (i) =>
  comparison.observeError(comparisonState(i), i & 1 ? "canary" : "control", 0.5),
);

const control = proportionSummary(1000, 50) as ArmSummary;
const treatment = proportionSummary(1000, 80) as ArmSummary;
measure(
  "liftOf + confidenceSequence",
  1e6,
  () => confidenceSequence(liftOf(control, treatment, "relative") as Lift).pValue,
);
measure("liftOf + welchTest", 2e4, () => welchTest(liftOf(control, treatment, "relative") as Lift).pValue);
measure("lnSampleRatioBayesFactor", 1e6, (i) =>
  lnSampleRatioBayesFactor({ counts: [i, i + 3], weights: [1, 1] }),
);

/** 10,000 canary requests through every guardrail, each answered with a verdict, as a simulator does. */
function canary(seed: number): boolean {
  const source = new SeededRandom(seed);
  const [rateState, meanState, votes, speeds, errors] = [
    rate.start(),
    mean.start(),
    satisfaction.start(),
    latency.start(),
    comparison.start(),
  ];
  latency.refreshLimit(speeds, { refresh: 0, rank: 135 }, 0.65);
  let isRolledBack = false;
  for (let request = 0; request < 10_000; request++) {
    const isError = source.uniform() < 0.02;
    isRolledBack = rate.observe(rateState, isError) || isRolledBack;
    isRolledBack = mean.observe(meanState, isError ? 1 : 0) || isRolledBack;
    if (isError) isRolledBack = comparison.observeError(errors, "canary", 0.5) || isRolledBack;
    if (source.uniform() < 0.02)
      isRolledBack = comparison.observeError(errors, "control", 0.5) || isRolledBack;
    isRolledBack =
      satisfaction.observe(votes, request & 1 ? "canary" : "control", source.uniform() < 0.8 ? 1 : 0) ||
      isRolledBack;
    isRolledBack = latency.observe(speeds, source.uniform()) || isRolledBack;
  }
  return isRolledBack;
}
measure("10,000 decisions of all guardrails with their draws", 400, canary);
if (Number.isNaN(sink)) process.exitCode = 1;
