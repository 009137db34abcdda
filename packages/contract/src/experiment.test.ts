import { describe, expect, it } from "vitest";
import { createExperiment, updateExperiment } from "./experiment.ts";

const VERSION = "0190a000-0000-7000-8000-000000000001";
const body = (change: object): object => ({
  agent_id: "my-agent",
  name: "test",
  control_config: { version_id: VERSION },
  treatment_config: { version_id: VERSION },
  ...change,
});

describe("createExperiment", () => {
  it("fills in half and half, and keeps what else an arm says", () => {
    const parsed = createExperiment.parse(body({ control_config: { version_id: VERSION, note: 1 } }));
    expect(parsed).toMatchObject({
      control_percentage: 50,
      treatment_percentage: 50,
      primary_metric: "satisfaction",
      control_config: { note: 1 },
    });
  });

  it.each<[string, object]>([
    ["more than everybody", { control_percentage: 60, treatment_percentage: 50 }],
    ["an arm without units", { control_percentage: 0 }],
    ["half a percent", { control_percentage: 0.5 }],
    ["an arm without a version", { treatment_config: {} }],
    ["alpha of a half", { significance_level: 0.5 }],
    ["negative hours", { min_duration_hours: -1 }],
    ["an unknown metric", { primary_metric: "charm" }],
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
    ["back to a draft", { status: "draft" }, false],
    ["no description any more", { description: null }, true],
  ])("with %s: %j is %s", (_name, change, valid) => {
    expect(updateExperiment.safeParse(change).success).toBe(valid);
  });
});
