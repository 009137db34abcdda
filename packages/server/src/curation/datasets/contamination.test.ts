import { createRandom } from "@agent-learning/learning";
import { describe, expect, it } from "vitest";
import { EvaluationTexts } from "./contamination.ts";

const CASE = "May a company that has its seat abroad deduct the input tax that it paid here last year?";

function texts(...inputs: string[]): EvaluationTexts {
  const found = new EvaluationTexts();
  for (const [index, input] of inputs.entries()) found.add(`case ${index}`, input);
  return found;
}

describe("EvaluationTexts", () => {
  it("finds a test within a longer text, whatever its case, punctuation and surroundings", () => {
    const held = texts("something else entirely", CASE);
    expect(held.caseOf(CASE)).toBe("case 1");
    expect(
      held.caseOf(`Dear team! ${CASE.toUpperCase().replaceAll(" ", "  ")} Thank you, and regards.`),
    ).toBe("case 1");
    expect(held.caseOf(CASE.split(" ").slice(3, 15).join(", "))).toBe("case 1");
    expect(held.size).toBe(2);
  });

  it("lets eleven words in common be", () => {
    const held = texts(CASE);
    const words = CASE.split(" ");
    expect(held.caseOf([...words.slice(0, 11), "instead", ...words.slice(12, 14)].join(" "))).toBeUndefined();
    expect(held.caseOf("")).toBeUndefined();
    expect(texts().caseOf(CASE)).toBeUndefined();
  });

  it("takes short texts as a whole", () => {
    const held = texts("Where is my parcel?");
    expect(held.caseOf("where is my parcel")).toBe("case 0");
    expect(held.caseOf("where is my other parcel")).toBeUndefined();
    expect(held.caseOf("tell me please: where is my parcel")).toBeUndefined();
  });

  it("finds nothing in twenty thousand texts that share no twelve words", () => {
    const random = createRandom("contamination");
    const text = (): string =>
      Array.from({ length: 30 }, () => `w${Math.floor(random.next() * 500)}`).join(" ");
    const held = texts(...Array.from({ length: 500 }, text));
    expect(Array.from({ length: 20_000 }, text).filter((one) => held.caseOf(one) !== undefined)).toEqual([]);
  });
});
