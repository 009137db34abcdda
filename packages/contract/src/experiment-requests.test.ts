import { describe, expect, it } from "vitest";
import { createExperiment, updateExperiment } from "./experiment-requests.ts";

const VERSION = "0190a000-0000-7000-8000-000000000001";
const body = (change: object): object => ({
  agent_id: "my-agent",
  name: "test",
  control_config: { version_id: VERSION },
  treatment_config: { version_id: VERSION },
  ...change,
});

describe("createExperiment", () => {
  it("keeps what else an arm says, and makes an undeclared role a signal", () => {
    const parsed = createExperiment.parse(
      body({ control_config: { version_id: VERSION, note: 1 }, metrics: [{ name: "charm" }] }),
    );
    expect(parsed).toMatchObject({
      control_config: { note: 1 },
      metrics: [{ name: "charm", role: "signal", covariate: false }],
    });
  });

  it.each<[string, object]>([
    ["half a percent", { control_percentage: 0.5 }],
    ["less than nobody", { control_percentage: -1 }],
    ["an arm without a version", { treatment_config: {} }],
    ["alpha of a half", { significance_level: 0.5 }],
    ["negative hours", { min_duration_hours: -1 }],
    ["no metric at all", { metrics: [] }],
    ["a metric of an unknown kind", { metrics: [{ name: "charm", kind: "median" }] }],
    ["a metric by the name of what is counted anyway", { metrics: [{ name: "exposure" }] }],
    ["a metric with a name that no report could hold", { metrics: [{ name: "Charm!" }] }],
    ["an unknown hash", { hash: "md5" }],
    ["an infinite effect", { minimum_effect: Number.POSITIVE_INFINITY }],
  ])("refuses %s", (_name, change) => {
    expect(createExperiment.safeParse(body(change)).success).toBe(false);
  });
});

describe("updateExperiment", () => {
  it.each<[string, object, boolean]>([
    ["nothing", {}, false],
    ["a status", { status: "paused" }, true],
    ["a decision alone", { decision: "keep_control" }, true],
    ["a decision and its status", { decision: "keep_control", status: "decided" }, true],
    ["a decision with another status", { decision: "keep_control", status: "paused" }, false],
    ["decided without a decision", { status: "decided" }, false],
    ["notes without a decision", { decision_notes: "because" }, false],
    ["notes with a decision", { decision: "inconclusive", decision_notes: "because" }, true],
    ["an arm to deploy", { decision: "deploy_treatment", winning_arm: "b" }, true],
    ["an arm that nobody deploys", { decision: "keep_control", winning_arm: "b" }, false],
    ["back to a draft", { status: "draft" }, false],
    ["no description any more", { description: null }, true],
  ])("with %s: %j is %s", (_name, change, valid) => {
    expect(updateExperiment.safeParse(change).success).toBe(valid);
  });
});
