import {
  agentVersionConfig,
  type AgentVersionConfig,
  type AgentVersionDifference,
} from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { diffVersions } from "./diff-versions.ts";

const diff = (
  before: Partial<AgentVersionConfig>,
  after: Partial<AgentVersionConfig>,
): AgentVersionDifference =>
  diffVersions(
    { id: "1", number: 1, config: agentVersionConfig.parse(before) },
    { id: "2", number: 2, config: agentVersionConfig.parse(after) },
  );

const rule = (id: string, text: string): AgentVersionConfig["playbook"][number] => ({
  id,
  text,
  evidence_ids: [],
  helpful: 0,
  harmful: 0,
});

describe("diffVersions", () => {
  it("finds nothing between equal configs", () => {
    expect(diff({ retrieval: { a: 1, b: [1] } }, { retrieval: { b: [1], a: 1 } })).toMatchObject({
      identical: true,
      changed: [],
      demonstrations: { added: [], removed: [], kept: 0 },
    });
  });

  it("names each leaf that differs by its path, absent sides as null", () => {
    const found = diff(
      { components: { system_prompt: "Old" }, model: null, retrieval: { weights: [1, 2], k: 4 } },
      {
        components: { system_prompt: "New", tone: "kind" },
        model: { name: "m" },
        retrieval: { weights: [1, 3], k: 4 },
      },
    );
    expect(found.identical).toBe(false);
    expect(found.changed).toEqual([
      { path: "components.system_prompt", before: "Old", after: "New" },
      { path: "components.tone", before: null, after: "kind" },
      { path: "model", before: null, after: { name: "m" } },
      { path: "retrieval.weights", before: [1, 2], after: [1, 3] },
    ]);
  });

  it("compares demonstrations as a multiset", () => {
    const [a, b, c] = ["a", "b", "c"].map((input) => ({ input, output: input }));
    if (a === undefined || b === undefined || c === undefined) throw new Error("unreachable");
    expect(diff({ demonstrations: [a, a, b] }, { demonstrations: [c, a, b] }).demonstrations).toEqual({
      added: [c],
      removed: [a],
      kept: 2,
    });
  });

  it("shows a rule whose text changed as changed, not as removed and added", () => {
    const found = diff(
      { playbook: [rule("1", "be brief"), rule("2", "cite")] },
      { playbook: [rule("1", "be very brief"), rule("3", "greet")] },
    );
    expect(found.playbook).toEqual({
      added: [rule("3", "greet")],
      removed: [rule("2", "cite")],
      changed: [{ before: rule("1", "be brief"), after: rule("1", "be very brief") }],
      kept: 0,
    });
  });

  it("is not identical when only the order of demonstrations differs", () => {
    const pair = [
      { input: "a", output: "a" },
      { input: "b", output: "b" },
    ];
    const found = diff({ demonstrations: pair }, { demonstrations: [...pair].reverse() });
    expect(found).toMatchObject({ identical: false, demonstrations: { added: [], removed: [], kept: 2 } });
  });
});
