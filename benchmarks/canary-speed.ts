// Ten thousand canaries of ten thousand requests on one core: every request enters all three guardrails of the product and is
// answered with whether it rolls back. Beside it, on the same values, the cheapest rule there is, so that machines can be compared.
//
//   node --conditions=agent-learning-source benchmarks/canary-speed.ts
//
// Options: --canaries 10000  --requests 10000. Ends with exit code 1 above 15 s for the defaults.
import { parseArgs } from "node:util";
import { randomNormal, SeededRandom } from "@agent-learning/statistics";
import {
  brokenGuardrail,
  observeUnit,
  type RiseState,
  startGuardrails,
  type UnitObservation,
} from "../packages/server/src/deployment/guardrails/index.ts";
import { productTests } from "./canary-simulation/product-canary.ts";

const { values: options } = parseArgs({
  options: {
    canaries: { type: "string", default: "10000" },
    requests: { type: "string", default: "10000" },
  },
});
const [canaries, requests] = [Number(options.canaries), Number(options.requests)];

// Drawn once: what is measured are decisions, not random numbers. Canaries start at different places.
const random = new SeededRandom("speed");
const SIZE = 1 << 20;
const failures = Uint8Array.from({ length: SIZE }, () => Number(random.uniform() < 0.02));
const votes = Uint8Array.from({ length: SIZE }, () => Number(random.uniform() < 0.8));
const latencies = Float64Array.from({ length: SIZE }, () => 400 * Math.exp(0.4 * randomNormal(random)));
const startOf = (canary: number): number => (canary * 7919) & (SIZE - 1);

const tests = productTests();

/** What a database hands over: the first outcomes of a unit. */
function unitOf(arm: "candidate" | "control"): Record<"failure" | "vote" | "latency", UnitObservation> {
  const of = (metric: string): UnitObservation => ({ metric, arm, value: 0, share: 0.05 });
  return { failure: of("error_rate"), vote: of("satisfaction"), latency: of("latency_ms") };
}
const [candidates, controls] = [unitOf("candidate"), unitOf("control")];

/** One canary and its control in turn; returns the request at which it was rolled back, or -1. */
function decide(canary: number): number {
  const state = startGuardrails(tests);
  const rise = state.rises["latency"] as RiseState;
  // What a database does: order statistics of the control's latencies.
  tests.rises["latency"]?.seen.refreshLimit(rise.seen, { refresh: 0, rank: 1 }, 780);
  rise.reference = 772;
  rise.paired = true;
  let rolledBackAt = -1;
  let at = startOf(canary);
  for (let request = 0; request < requests; request++) {
    const units = request & 1 ? controls : candidates;
    units.failure.value = failures[at] as number;
    units.vote.value = votes[at] as number;
    units.latency.value = latencies[at] as number;
    observeUnit(tests, state, units.failure);
    observeUnit(tests, state, units.vote);
    observeUnit(tests, state, units.latency);
    if (brokenGuardrail(tests, state) !== undefined && rolledBackAt < 0) rolledBackAt = request;
    at = (at + 1) & (SIZE - 1);
  }
  return rolledBackAt;
}

/** The same values under three running means: what costs next to nothing. */
function compareMeans(canary: number): number {
  const limits = { failed: 0.05, disliked: 0.28, slow: 0.05 };
  let [failed, disliked, slow, rolledBackAt] = [0, 0, 0, -1];
  let at = startOf(canary);
  for (let request = 1; request <= requests; request++) {
    failed += failures[at] as number;
    disliked += 1 - (votes[at] as number);
    if ((latencies[at] as number) > 1170) slow += 1;
    const isOver =
      failed > limits.failed * request ||
      disliked > limits.disliked * request ||
      slow > limits.slow * request;
    if (isOver && rolledBackAt < 0 && request > 100) rolledBackAt = request;
    at = (at + 1) & (SIZE - 1);
  }
  return rolledBackAt;
}

function measure(name: string, run: (canary: number) => number): number {
  for (let canary = 0; canary < Math.min(200, canaries); canary++) run(canary);
  let rolledBack = 0;
  // CPU time of this process, so that neighbours on the machine count less.
  const start = process.cpuUsage();
  for (let canary = 0; canary < canaries; canary++) if (run(canary) >= 0) rolledBack++;
  const seconds = process.cpuUsage(start).user / 1e6;
  const each = (seconds * 1e9) / (canaries * requests);
  process.stdout.write(
    `${name.padEnd(22)}${seconds.toFixed(1).padStart(7)} s${each.toFixed(0).padStart(6)} ns a decision  ${rolledBack} rolled back\n`,
  );
  return seconds;
}

process.stdout.write(`${canaries} canaries of ${requests} requests, one core\n\n`);
const product = measure("guardrails", decide);
const means = measure("three running means", compareMeans);
process.stdout.write(`\nratio ${(product / means).toFixed(1)}\n`);
if (canaries * requests >= 1e8 && product > 15) process.exitCode = 1;
