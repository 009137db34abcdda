import { SeededRandom } from "@agent-learning/statistics";
import { describe, expect, it } from "vitest";
import {
  harmEvidence,
  harmMetrics,
  type HarmObservation,
  type HarmState,
  observeHarm,
} from "./harm-watch.ts";

const options = { primary: "satisfaction", alpha: 0.05 } as const;

/** Units of both arms in turn, with these chances of a failed first outcome. */
function errors(units: number, control: number, treatment: number, seed: number): HarmObservation[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: units * 2 }, (_, index) => {
    const arm = index % 2 === 0 ? "control" : "treatment";
    const chance = arm === "control" ? control : treatment;
    return { metric: "error_rate", arm, value: Number(random.uniform() < chance) };
  });
}

const isHarm = (state: HarmState): boolean =>
  harmEvidence(state, options).some((evidence) => evidence.breached);

describe("harm watch", () => {
  it("watches errors, satisfaction and the primary metric, never latency", () => {
    expect(harmMetrics("satisfaction")).toEqual(["error_rate", "satisfaction"]);
    expect(harmMetrics("task_completion")).toEqual(["error_rate", "satisfaction", "task_completion"]);
    expect(harmMetrics("latency_ms")).toEqual(["error_rate", "satisfaction"]);
  });

  it("finds a treatment that fails three times as often long before a thousand units", () => {
    const found = Array.from({ length: 50 }, (_, seed) =>
      observeHarm({}, errors(900, 0.05, 0.15, seed), options),
    );
    expect(found.filter(isHarm).length).toBeGreaterThanOrEqual(45);
  });

  it("rarely finds harm between equal arms, though looked at after every unit", () => {
    const found = Array.from({ length: 200 }, (_, seed) =>
      observeHarm({}, errors(1000, 0.1, 0.1, seed), options),
    );
    expect(found.filter(isHarm).length).toBeLessThanOrEqual(10);
  });

  it("never takes a better treatment for harm", () => {
    const better = observeHarm({}, errors(2000, 0.2, 0.02, 5), options);
    expect(harmEvidence(better, options)[0]).toMatchObject({ metric: "error_rate", breached: false });
  });

  it("gives the same evidence however the observations are cut into batches, through JSON", () => {
    const all = errors(300, 0.1, 0.3, 3);
    const whole = observeHarm({}, all, options);
    let state: HarmState = {};
    for (let at = 0; at < all.length; at += 37) {
      state = observeHarm(JSON.parse(JSON.stringify(state)) as HarmState, all.slice(at, at + 37), options);
    }
    expect(harmEvidence(state, options)).toEqual(harmEvidence(whole, options));
  });

  it("shows the level that each metric has", () => {
    const evidence = harmEvidence({}, options);
    expect(evidence.map((one) => one.ln_threshold)).toEqual([-Math.log(0.025), -Math.log(0.025)]);
    expect(evidence.map((one) => one.pairs)).toEqual([0, 0]);
  });
});
