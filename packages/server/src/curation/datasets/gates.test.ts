import { DEFAULT_POLICY, type DatasetCard, type DatasetGate } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { agreementOf } from "./agreement.ts";
import { gatesOf } from "./gates.ts";

const thresholds = DEFAULT_POLICY.training;

function verified(examples: number, of: number): DatasetCard["verified"] {
  return { examples, share: of === 0 ? null : examples / of, interval: null };
}

/** Agreement of two annotators each. */
function agreed(alike: number, apart: number): DatasetCard["agreement"] {
  return agreementOf([
    { approvals: 2, rejections: 0, examples: alike },
    { approvals: 1, rejections: 1, examples: apart },
  ]);
}

function failed(gates: readonly DatasetGate[]): string[] {
  return gates.filter((gate) => !gate.passed).map((gate) => gate.name);
}

describe("gatesOf", () => {
  const good = { examples: 100, verified: verified(30, 100), agreement: agreed(16, 4) };

  it("passes at the guide's thresholds exactly: 30 % verified, 80 % agreement, 20 doubly annotated", () => {
    expect(failed(gatesOf(good, thresholds))).toEqual([]);
  });

  it.each<[string, object, string[]]>([
    ["29 % verified", { verified: verified(29, 100) }, ["human_verified"]],
    ["19 doubly annotated", { agreement: agreed(19, 0) }, ["doubly_annotated"]],
    ["75 % agreement", { agreement: agreed(15, 5) }, ["agreement"]],
    ["no annotation twice", { agreement: agreed(0, 0) }, ["doubly_annotated", "agreement"]],
    ["no example", { examples: 0, verified: verified(0, 0) }, ["examples", "human_verified"]],
  ])("fails with %s, and with nothing else", (_name, change, names) => {
    expect(failed(gatesOf({ ...good, ...change }, thresholds))).toEqual(names);
  });

  it("says the number, the requirement and what to do", () => {
    const gates = gatesOf(
      { examples: 100, verified: verified(12, 100), agreement: agreed(9, 3) },
      thresholds,
    );
    const message = (name: string): string => gates.find((gate) => gate.name === name)?.message ?? "";
    expect(message("human_verified")).toBe(
      "12 of 100 examples are human verified (12.0 %); 30.0 % are required. Let reviewers verify the annotations of 18 more, " +
        "with POST /api/learning/annotations/{id}/verify.",
    );
    expect(message("doubly_annotated")).toContain("12 examples");
    expect(message("doubly_annotated")).toContain("annotate 8 more");
    expect(message("agreement")).toContain(
      "75.0 % (95 % interval 46.8 % to 91.1 %, 12 examples); 80.0 % are required",
    );
  });

  it("follows the policy", () => {
    const loose = { min_human_verified: 0, min_annotation_agreement: 0.5, min_doubly_annotated: 0 };
    expect(failed(gatesOf({ ...good, verified: verified(0, 100), agreement: agreed(3, 2) }, loose))).toEqual(
      [],
    );
    const nothing = { ...good, examples: 0, verified: verified(0, 0), agreement: agreed(0, 0) };
    const none = { ...loose, min_annotation_agreement: 0 };
    expect(failed(gatesOf(nothing, none))).toEqual(["examples"]);
    // Nobody agreed on anything: not known is not agreed.
    expect(failed(gatesOf({ ...good, agreement: agreed(0, 0) }, loose))).toEqual(["agreement"]);
  });
});
