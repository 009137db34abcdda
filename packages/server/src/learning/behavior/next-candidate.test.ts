import type { Candidate, ProposedRule } from "@agent-learning/learning";
import { expect, test } from "vitest";
import { nextCandidate } from "./next-candidate.ts";

const base: Candidate = {
  runtime: "model",
  components: { system_prompt: "Be kind." },
  demonstrations: [
    { input: "a", output: "1", exampleId: "old" },
    { input: "b", output: "2", exampleId: "gone" },
    { input: "c", output: "3" },
  ],
  playbook: [
    { id: "by-hand", text: "Be short.", evidenceIds: [], helpful: 1, harmful: 0 },
    { id: "behavior-1", text: "Call `x`.", evidenceIds: ["e1"], helpful: 0, harmful: 0 },
    { id: "behavior-2", text: "Call `y`.", evidenceIds: ["e1"], helpful: 0, harmful: 0 },
  ],
  parameters: {},
};
const proposed = (id: string, evidenceIds: string[], helpful = 0, harmful = 0): ProposedRule => ({
  rule: { id, text: `Rule ${id}`, evidenceIds, helpful, harmful },
  departure: {
    tools: ["x"],
    direction: "experts_do",
    expert: { runs: 9, of: 10 },
    agent: { runs: 1, of: 10 },
    pValue: 0.001,
    adjusted: 0.01,
    conditional: 0.001,
    withoutAnyOne: 0.01,
    evidenceIds,
    contributors: ["p", "q"],
  },
});
const mayUse = (id: string): boolean => id !== "gone";

test("puts in what was shown, takes out what may not be used, and has the rules as the evidence has them", () => {
  const { candidate, diff } = nextCandidate({
    base,
    rules: [
      proposed("behavior-1", ["e1", "e2"]),
      proposed("behavior-3", ["e3"]),
      proposed("behavior-4", [], 0, 5),
    ],
    shown: [{ id: "new", input: "d", expected: "4" }],
    mayUse,
  });
  expect(candidate.demonstrations.map(({ input }) => input)).toEqual(["a", "c", "d"]);
  expect(candidate.playbook?.map(({ id }) => id)).toEqual(["by-hand", "behavior-1", "behavior-3"]);
  expect(candidate.parameters).toEqual({ demonstration_selection: "nearest" });
  expect(diff).toMatchObject({
    rules_added: [{ id: "behavior-3", contributors: 2, expert: { runs: 9, of: 10 } }],
    rules_updated: [{ id: "behavior-1", evidence_ids: ["e1", "e2"] }],
    rules_removed: [{ id: "behavior-2", reason: "no_longer_supported" }],
    demonstrations_added: ["new"],
    demonstrations_removed: ["gone"],
  });
  const harmful = nextCandidate({ base, rules: [proposed("behavior-2", [], 0, 5)], shown: [], mayUse });
  expect(harmful.diff?.rules_removed).toContainEqual({
    id: "behavior-2",
    text: "Call `y`.",
    reason: "harmful",
  });
});

test("doing it again changes nothing", () => {
  const learned = {
    rules: [proposed("behavior-1", ["e2"])],
    shown: [{ id: "n", input: "d", expected: "4" }],
    mayUse,
  };
  const once = nextCandidate({ base, ...learned });
  expect(once.diff).toBeDefined();
  expect(nextCandidate({ base: once.candidate, ...learned })).toEqual({
    candidate: once.candidate,
    diff: undefined,
  });
});
