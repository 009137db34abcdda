import { SeededRandom } from "@agent-learning/statistics";
import type { ExperimentMetric } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import {
  harmEvidence,
  harmMetrics,
  type HarmObservation,
  type HarmState,
  type HarmWatch,
  observeHarm,
} from "./harm-watch.ts";
import { builtInMetric, defaultMetrics } from "../metrics/index.ts";

const watch: HarmWatch = {
  treatments: ["treatment"],
  metrics: defaultMetrics("satisfaction"),
  alpha: 0.05,
};
const errorRate = builtInMetric("error_rate");
const observe = (state: HarmState, all: readonly HarmObservation[]): HarmState =>
  observeHarm(state, errorRate, all, watch);

/** Units of both arms in turn, with these chances of a failed first outcome. */
function errors(units: number, control: number, treatment: number, seed: number): HarmObservation[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: units * 2 }, (_, index) => {
    const arm = index % 2 === 0 ? "control" : "treatment";
    const chance = arm === "control" ? control : treatment;
    return { arm, value: Number(random.uniform() < chance) };
  });
}

const isHarm = (state: HarmState): boolean =>
  harmEvidence(state, watch).some((evidence) => evidence.breached);

describe("harm watch", () => {
  it("watches errors, satisfaction and binary goals and guardrails, never what has no bound", () => {
    const names = (metrics: ExperimentMetric[]): string[] =>
      harmMetrics(metrics).map((metric) => metric.name);
    expect(names(defaultMetrics("satisfaction"))).toEqual(["error_rate", "satisfaction"]);
    expect(names(defaultMetrics("task_completion"))).toEqual([
      "error_rate",
      "satisfaction",
      "task_completion",
    ]);
    expect(names(defaultMetrics("latency_ms"))).toEqual(["error_rate", "satisfaction"]);
  });

  it("tests each treatment by itself, with the same controls, at its part of alpha", () => {
    const both = { ...watch, treatments: ["treatment", "bold"] };
    const random = new SeededRandom(1);
    const all = Array.from({ length: 2700 }, (_, index): HarmObservation => {
      const arm = ["control", "treatment", "bold"][index % 3] as string;
      return { arm, value: Number(random.uniform() < (arm === "bold" ? 0.25 : 0.05)) };
    });
    const evidence = harmEvidence(observeHarm({}, errorRate, all, both), both);
    expect(evidence.map((one) => one.ln_threshold)).toEqual(Array.from({ length: 4 }, () => Math.log(80)));
    const breached = evidence.filter((one) => one.breached).map((one) => [one.arm, one.metric]);
    expect(breached).toEqual([["bold", "error_rate"]]);
  });

  it("finds a treatment that fails three times as often long before a thousand units", () => {
    const found = Array.from({ length: 50 }, (_, seed) => observe({}, errors(900, 0.05, 0.15, seed)));
    expect(found.filter(isHarm).length).toBeGreaterThanOrEqual(45);
  });

  it("rarely finds harm between equal arms, though looked at after every unit", () => {
    const found = Array.from({ length: 200 }, (_, seed) => observe({}, errors(1000, 0.1, 0.1, seed)));
    expect(found.filter(isHarm).length).toBeLessThanOrEqual(10);
  });

  it("never takes a better treatment for harm", () => {
    const better = observe({}, errors(2000, 0.2, 0.02, 5));
    expect(harmEvidence(better, watch)[0]).toMatchObject({ metric: "error_rate", breached: false });
  });

  it("gives the same evidence however the observations are cut into batches, through JSON", () => {
    const all = errors(300, 0.1, 0.3, 3);
    const whole = observe({}, all);
    let state: HarmState = {};
    for (let at = 0; at < all.length; at += 37) {
      state = observe(JSON.parse(JSON.stringify(state)) as HarmState, all.slice(at, at + 37));
    }
    expect(harmEvidence(state, watch)).toEqual(harmEvidence(whole, watch));
  });

  it("shows the level that each metric has", () => {
    const evidence = harmEvidence({}, watch);
    expect(evidence.map((one) => one.ln_threshold)).toEqual([-Math.log(0.025), -Math.log(0.025)]);
    expect(evidence.map((one) => one.pairs)).toEqual([0, 0]);
  });
});
