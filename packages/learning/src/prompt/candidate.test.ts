import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Candidate, candidateHash, integerParameter, textParameter } from "./candidate.ts";

const text = fc.string({ unit: "grapheme" }).filter((value) => value.isWellFormed());
const candidates: fc.Arbitrary<Candidate> = fc.record({
  runtime: fc.constantFrom("demonstrations" as const, "model" as const),
  components: fc.dictionary(text, text, { maxKeys: 3 }),
  demonstrations: fc.array(fc.record({ input: text, output: text }), { maxLength: 4 }),
  parameters: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)), {
    maxKeys: 3,
  }),
});

describe("candidateHash", () => {
  test("does not depend on the order of members", () => {
    fc.assert(
      fc.property(candidates, (candidate) => {
        const shuffledMembers: Candidate = {
          parameters: Object.fromEntries(Object.entries(candidate.parameters).reverse()),
          demonstrations: candidate.demonstrations.map(({ input, output }) => ({ output, input })),
          components: Object.fromEntries(Object.entries(candidate.components).reverse()),
          runtime: candidate.runtime,
        };
        expect(candidateHash(shuffledMembers)).toBe(candidateHash(candidate));
        expect(candidateHash(structuredClone(candidate))).toBe(candidateHash(candidate));
      }),
    );
  });

  test("depends on everything that changes behaviour", () => {
    fc.assert(
      fc.property(candidates, text, (candidate, extra) => {
        const hash = candidateHash(candidate);
        const added = { input: extra, output: extra };
        expect(hash).toMatch(/^[0-9a-f]{64}$/u);
        expect(
          candidateHash({ ...candidate, demonstrations: [...candidate.demonstrations, added] }),
        ).not.toBe(hash);
        const edited = { ...candidate.components, [extra]: `${candidate.components[extra] ?? ""}+` };
        expect(candidateHash({ ...candidate, components: edited })).not.toBe(hash);
        expect(
          candidateHash({
            ...candidate,
            runtime: candidate.runtime === "model" ? "demonstrations" : "model",
          }),
        ).not.toBe(hash);
      }),
    );
  });

  test("the order of demonstrations counts, an empty playbook does not", () => {
    const one = { input: "a", output: "x" };
    const other = { input: "b", output: "y" };
    const base: Candidate = {
      runtime: "model",
      components: {},
      demonstrations: [one, other],
      parameters: {},
    };
    expect(candidateHash({ ...base, demonstrations: [other, one] })).not.toBe(candidateHash(base));
    expect(candidateHash({ ...base, playbook: [] })).toBe(candidateHash(base));
    const rule = { id: "r", text: "Be kind.", evidenceIds: [], helpful: 0, harmful: 0 };
    expect(candidateHash({ ...base, playbook: [rule] })).not.toBe(candidateHash(base));
  });
});

describe("parameters", () => {
  const candidate: Candidate = {
    runtime: "model",
    components: {},
    demonstrations: [],
    parameters: { few: 3, half: 2.5, many: 5000, word: "nearest" },
  };
  const bounds = { fallback: 7, minimum: 1, maximum: 100 };

  test.each([
    ["few", 3],
    ["half", 7],
    ["many", 100],
    ["word", 7],
    ["absent", 7],
  ])("integer %s is %d", (name, expected) => {
    expect(integerParameter(candidate, name, bounds)).toBe(expected);
  });

  test("text", () => {
    expect(textParameter(candidate, "word")).toBe("nearest");
    expect(textParameter(candidate, "few")).toBeUndefined();
  });
});
