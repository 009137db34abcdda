import { describe, expect, test } from "vitest";
import { randomNormal } from "../random/normal.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { binomialTest } from "../special-functions/binomial.ts";
import { latencyTest, type LatencyState, type LatencyTest } from "./latency.ts";

const third = 0.05 / 3;

interface Scenario {
  /** The canary's latencies are this many times the control's, which are log-normal. */
  readonly slower: number;
  readonly canaryShare: number;
  readonly canaryUnits: number;
  readonly alpha?: number;
}

/** Both arms from the first unit on. Canary units until it is found, Infinity if it never is. */
function unitsUntilFound(scenario: Scenario, seed: string): number {
  const random = new SeededRandom(seed);
  const guardrail = latencyTest({ alpha: scenario.alpha ?? third });
  const state = guardrail.start();
  const controls: number[] = [];
  for (let canaries = 0; canaries < scenario.canaryUnits;) {
    const latency = Math.exp(0.5 * randomNormal(random));
    if (random.uniform() < scenario.canaryShare) {
      canaries++;
      if (guardrail.observe(state, scenario.slower * latency)) return canaries;
      continue;
    }
    controls.push(latency);
    refresh(guardrail, state, controls);
  }
  return Infinity;
}

function refresh(guardrail: LatencyTest, state: LatencyState, controls: readonly number[]): void {
  const due = guardrail.dueRefresh(state, controls.length);
  if (due === undefined) return;
  guardrail.refreshLimit(state, due, Float64Array.from(controls).sort()[due.rank - 1] as number);
}

describe("a canary at exactly 1.5 times the control's p95 is rolled back in at most alpha of runs", () => {
  test.each([
    ["at a 5/95 split", { slower: 1.5, canaryShare: 0.05, canaryUnits: 500, alpha: 0.05 }],
    ["with equal cohorts", { slower: 1.5, canaryShare: 0.5, canaryUnits: 3000, alpha: 0.05 }],
  ])("%s", (_name, scenario) => {
    const runs = 100;
    const found = Array.from({ length: runs }, (_, i) => unitsUntilFound(scenario, `edge ${i}`));
    const alarms = found.filter((unit) => unit < Infinity).length;
    const p = binomialTest({ successes: alarms, trials: runs, probability: 0.05, alternative: "greater" });
    expect(p, `${alarms} of ${runs}`).toBeGreaterThan(0.001);
  });
});

test("twice the latency is found within 500 canary units (p90, a third of 0.05)", () => {
  const scenario = { slower: 2, canaryShare: 0.05, canaryUnits: 2000 };
  const found = Array.from({ length: 100 }, (_, i) => unitsUntilFound(scenario, `slow ${i}`));
  expect(found.sort((a, b) => a - b)[89]).toBeLessThanOrEqual(500);
});

test("an equal canary is not rolled back", () => {
  const scenario = { slower: 1, canaryShare: 0.5, canaryUnits: 2000 };
  const found = Array.from({ length: 50 }, (_, i) => unitsUntilFound(scenario, `equal ${i}`));
  expect(found.filter((unit) => unit < Infinity)).toEqual([]);
});

describe("the limit", () => {
  const guardrail = latencyTest({ alpha: third });
  const rankAt = (controls: number): number | undefined =>
    guardrail.dueRefresh(guardrail.start(), controls)?.rank;

  test("needs 135 controls at a third of 0.05, and until then canary units are not counted", () => {
    const state = guardrail.start();
    expect(rankAt(134)).toBeUndefined();
    expect(rankAt(135)).toBe(135);
    expect(guardrail.observe(state, Infinity)).toBe(false);
    expect(state).toEqual(guardrail.start());
  });

  test("is factor times the order statistic", () => {
    const state = guardrail.start();
    refresh(
      guardrail,
      state,
      Array.from({ length: 135 }, (_, i) => ((i * 37) % 135) + 1),
    );
    expect(state.limit).toBe(1.5 * 135);
  });

  test("is due once for each quarter more of controls, and its rank comes closer to the quantile", () => {
    const state = guardrail.start();
    const due: number[] = [];
    const shares: number[] = [];
    for (let controls = 1; controls <= 20_000; controls++) {
      const refresh = guardrail.dueRefresh(state, controls);
      if (refresh === undefined) continue;
      guardrail.refreshLimit(state, refresh, 1);
      due.push(controls);
      shares.push(refresh.rank / controls);
    }
    expect(due.slice(0, 4)).toEqual([135, 169, 211, 264]);
    expect(due.length).toBe(23);
    expect(shares[0]).toBe(1);
    expect(shares.at(-1)).toBeLessThan(0.957);
    expect(shares.at(-1)).toBeGreaterThan(0.95);
  });

  test("a smaller alpha needs more controls, and controls that time out leave no limit", () => {
    const strict = latencyTest({ alpha: third / 9 });
    expect(strict.dueRefresh(strict.start(), 177)).toBeUndefined();
    expect(strict.dueRefresh(strict.start(), 178)?.rank).toBe(178);
    const state = guardrail.start();
    guardrail.refreshLimit(state, { refresh: 0, rank: 135 }, Infinity);
    expect(state.limit).toBeNull();
    expect(guardrail.observe(state, 1)).toBe(false);
  });
});

test("one enormous latency weighs no more than any other slow one", () => {
  const guardrail = latencyTest({ alpha: third });
  const [mild, severe] = [guardrail.start(), guardrail.start()];
  for (const state of [mild, severe]) guardrail.refreshLimit(state, { refresh: 0, rank: 135 }, 1);
  for (let unit = 0; unit < 500; unit++) {
    guardrail.observe(mild, unit % 50 === 0 ? 1.6 : 1);
    guardrail.observe(severe, unit % 50 === 0 ? Infinity : 1);
  }
  expect(severe).toEqual(mild);
  expect(guardrail.lnEvidence(severe)).toBeLessThan(0);
});

test("a state that went through JSON goes on alike", () => {
  const guardrail = latencyTest({ alpha: 0.05 });
  const state = guardrail.start();
  guardrail.refreshLimit(state, { refresh: 0, rank: 135 }, 4);
  for (let i = 0; i < 30; i++) guardrail.observe(state, i % 10);
  const copy = JSON.parse(JSON.stringify(state)) as LatencyState;
  for (let i = 0; i < 50; i++) expect(guardrail.observe(copy, 9)).toBe(guardrail.observe(state, 9));
  expect(copy).toEqual(state);
  expect(state.slow.breachedAt).not.toBeNull();
});

test("latencies and options that have no meaning are refused by name", () => {
  const guardrail = latencyTest({ alpha: 0.05 });
  expect(() => guardrail.observe(guardrail.start(), Number.NaN)).toThrow("latency");
  expect(() => guardrail.observe(guardrail.start(), -1)).toThrow("latency");
  expect(() => guardrail.refreshLimit(guardrail.start(), { refresh: 0, rank: 1 }, Number.NaN)).toThrow(
    "latency",
  );
  expect(() => guardrail.dueRefresh(guardrail.start(), 0.5)).toThrow("controls");
  expect(() => latencyTest({ alpha: 0.05, quantile: 1 })).toThrow("quantile");
  expect(() => latencyTest({ alpha: 0.05, factor: 0 })).toThrow("factor");
});
