import { describe, expect, it } from "vitest";
import { assessGuardrails } from "./assess-guardrails.ts";
import { brokenGuardrail } from "./broken-guardrail.ts";
import { POLICY, testsOf } from "./canary.testing.ts";
import { type GuardrailState, type RiseState, startGuardrails } from "./guardrail-state.ts";

const tests = testsOf();
const rise = (state: GuardrailState): RiseState => state.rises["latency"] as RiseState;

describe("brokenGuardrail", () => {
  it.each<[string, (state: GuardrailState) => void, string | undefined]>([
    ["nothing", () => undefined, undefined],
    ["failures over the limit", (state) => (state.errorRate.breachedAt = 90), "error_rate"],
    ["more failures than the control", (state) => (state.errorComparison.breachedAt = 30), "error_rate"],
    [
      "a drop",
      (state) => {
        const drop = state.drops["satisfaction"];
        if (drop !== undefined) drop.seen.pairs.breachedAt = 500;
      },
      "satisfaction",
    ],
    ["too slow in proportion", (state) => (rise(state).ratio.breachedAt = 40), "latency"],
    ["slow units, as many as the control has", (state) => (rise(state).seen.slow.breachedAt = 40), undefined],
    [
      "slow units, more than the control has",
      (state) => {
        rise(state).seen.slow.breachedAt = 40;
        rise(state).slowComparison.breachedAt = 50;
      },
      "latency",
    ],
  ])("%s", (_name, change, name) => {
    const state = startGuardrails(tests);
    change(state);
    expect(brokenGuardrail(tests, state)?.name).toBe(name);
    const now = new Date(Date.UTC(2026, 0, 1));
    const assessed = assessGuardrails({ tests, state, policy: POLICY, stage: 0, stageHours: 24, now });
    expect(assessed.find(({ status }) => status === "breached")?.name).toBe(name);
  });
});
