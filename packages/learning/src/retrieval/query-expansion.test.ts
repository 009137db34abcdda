import { describe, expect, test } from "vitest";
import { expandQuery, learnQueryExpansion } from "./query-expansion.ts";

const successes = [
  { query: "sick pay", text: "Statutory absence benefit is due from the fourth day" },
  { query: "sick leave money", text: "The absence benefit ends after 28 weeks" },
  { query: "company car", text: "A vehicle provided by the employer is a taxable benefit" },
  ...Array.from({ length: 20 }, (_, index) => ({
    query: `question ${index}`,
    text: `the rules of topic number${index} are in section${index}`,
  })),
];

describe("learnQueryExpansion", () => {
  test("learns what users' words are called in the texts", () => {
    const expansion = learnQueryExpansion(successes);
    expect(expandQuery(expansion, ["sick"])).toContain("absenc");
    expect(expandQuery(expansion, ["sick", "absenc"])).not.toContain("absenc");
    expect(expandQuery(expansion, ["car"])).toEqual([]);
    expect(expandQuery(expansion, ["unheard"])).toEqual([]);
  });

  test("adds nothing that is everywhere, and nothing by repetition", () => {
    const expansion = learnQueryExpansion(successes);
    // Each of the twenty has the word "question" with "rules", which is in most texts.
    expect(expandQuery(expansion, ["question"])).toEqual([]);
    const once = [{ query: "gizmo", text: "a contraption" }];
    expect(learnQueryExpansion([...successes, ...once, ...once, ...once]).terms["gizmo"]).toBeUndefined();
  });

  test("is plain data, the same for any order, and holds no inherited names", () => {
    const expansion = learnQueryExpansion(successes);
    expect(JSON.parse(JSON.stringify(expansion))).toEqual(expansion);
    expect(learnQueryExpansion(successes.toReversed())).toEqual(expansion);
    expect(expandQuery(expansion, ["constructor", "__proto__"])).toEqual([]);
  });
});
