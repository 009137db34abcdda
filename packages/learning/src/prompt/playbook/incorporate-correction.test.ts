import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MESSAGES } from "../../testing/messages.ts";
import type { Candidate } from "../candidate.ts";
import { createDemonstrationsAgent } from "../demonstrations-agent/create-demonstrations-agent.ts";
import { type Correction, incorporateCorrection } from "./incorporate-correction.ts";

const base: Candidate = {
  runtime: "demonstrations",
  components: {},
  demonstrations: [{ input: "Where is my card?", output: "card_lost" }],
  parameters: {},
};

describe("incorporateCorrection", () => {
  test("adds what is new", () => {
    const { candidate, changes } = incorporateCorrection(base, {
      exampleId: "e1",
      input: "Is payroll late?",
      expected: "payroll",
    });
    expect(candidate.demonstrations.at(-1)).toEqual({
      input: "Is payroll late?",
      output: "payroll",
      exampleId: "e1",
    });
    expect(changes.map((change) => change.kind)).toEqual(["demonstration_added"]);
    expect(candidate.playbook).toBeUndefined();
  });

  test("replaces the demonstration of the same input, in its place", () => {
    const { candidate, changes } = incorporateCorrection(base, {
      exampleId: "e1",
      input: "where is  my CARD?",
      expected: "card_arrival",
    });
    expect(candidate.demonstrations).toEqual([
      { input: "where is  my CARD?", output: "card_arrival", exampleId: "e1" },
    ]);
    expect(changes).toEqual([
      {
        kind: "demonstration_replaced",
        demonstration: candidate.demonstrations[0],
        previous: base.demonstrations[0],
      },
    ]);
  });

  test("a lesson becomes a rule, the same lesson again evidence for it", () => {
    const correction = {
      exampleId: "e1",
      input: "a",
      expected: "b",
      lesson: " Ask for the invoice number. ",
    };
    const once = incorporateCorrection(base, correction).candidate;
    expect(once.playbook).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{16}$/u) as string,
        text: "Ask for the invoice number.",
        evidenceIds: ["e1"],
        helpful: 1,
        harmful: 0,
      },
    ]);
    const twice = incorporateCorrection(once, {
      exampleId: "e2",
      input: "c",
      expected: "d",
      lesson: "ask for the  invoice number.",
    });
    expect(twice.changes.map((change) => change.kind)).toEqual(["demonstration_added", "rule_supported"]);
    expect(twice.candidate.playbook).toMatchObject([{ evidenceIds: ["e1", "e2"], helpful: 2 }]);
  });

  test("doing it twice changes nothing, the given candidate never changes, and the agent then knows the answer", () => {
    const corrections: fc.Arbitrary<Correction> = fc.record(
      {
        exampleId: fc.constantFrom("e1", "e2", "e3"),
        input: fc.constantFrom(...MESSAGES.map((row) => row.input)),
        expected: fc.constantFrom("x", "y"),
        lesson: fc.constantFrom("Be short.", "Be kind.", ""),
      },
      { requiredKeys: ["exampleId", "input", "expected"] },
    );
    fc.assert(
      fc.property(fc.array(corrections, { minLength: 1, maxLength: 8 }), (all) => {
        const before = structuredClone(base);
        let candidate = base;
        for (const correction of all) candidate = incorporateCorrection(candidate, correction).candidate;
        expect(base).toEqual(before);
        const last = all.at(-1)!;
        expect(incorporateCorrection(candidate, last)).toEqual({ candidate, changes: [] });
        const agent = createDemonstrationsAgent({ ...candidate, parameters: { neighbours: 1 } });
        expect(agent.answer(last.input).output).toBe(last.expected);
      }),
    );
  });
});
