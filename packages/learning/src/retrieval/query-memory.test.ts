import { describe, expect, test } from "vitest";
import { createQueryMemory } from "./query-memory.ts";

const pairs = [
  { query: "how do I file the VAT return", chunk: "vat", actor: "u1" },
  { query: "deadline for corporate tax", chunk: "corporate", actor: "u2" },
  { query: "VAT return late fee", chunk: "penalties", actor: "u3" },
];

describe("createQueryMemory", () => {
  test("finds what a like query found, best first in its share", () => {
    const memory = createQueryMemory(pairs);
    const found = memory.match("filing VAT returns");
    expect([...found.keys()]).toEqual(["vat", "penalties"]);
    expect(found.get("vat")).toBeGreaterThan(found.get("penalties") ?? 1);
    for (const share of found.values()) {
      expect(share).toBeGreaterThanOrEqual(0.25);
      expect(share).toBeLessThanOrEqual(1);
    }
  });

  test("is silent about a query unlike any before", () => {
    const memory = createQueryMemory(pairs);
    expect(memory.match("opening hours of the office").size).toBe(0);
    // One shared word of many is not likeness.
    expect(memory.match("late applications for a residence permit of my spouse and children").size).toBe(0);
    expect(memory.match("").size).toBe(0);
    expect(createQueryMemory([]).match("VAT").size).toBe(0);
  });

  test("takes each actor's latest words, and a bounded number of them", () => {
    const flood = Array.from({ length: 300 }, (_, index) => ({
      query: `VAT return number ${index}`,
      chunk: `advertisement-${index}`,
      actor: "spammer",
    }));
    const memory = createQueryMemory([...pairs, ...flood], { pairsPerActor: 10 });
    expect(memory.size).toBe(pairs.length + 10);
    expect([...memory.match("VAT return number 299").keys()]).toContain("advertisement-299");
    expect([...memory.match("VAT return number 12").keys()]).not.toContain("advertisement-12");
  });

  test("does not grow by repetition", () => {
    const repeated = Array.from({ length: 40 }, () => pairs[0] as (typeof pairs)[0]);
    expect(createQueryMemory([...repeated, ...pairs]).match("VAT return")).toEqual(
      createQueryMemory(pairs).match("VAT return"),
    );
  });

  test("compares with the nearest single query of a chunk, not with all of them together", () => {
    const memory = createQueryMemory([
      ...pairs,
      { query: "who signs the annual accounts", chunk: "vat", actor: "u4" },
    ]);
    const like = memory.compare("how do I file the VAT return");
    expect(like("vat")).toBeCloseTo(1, 12);
    expect(like("penalties")).toBeGreaterThan(0);
    expect(like("penalties")).toBeLessThan(0.8);
    expect(like("corporate")).toBe(0);
    expect(like("never seen")).toBe(0);
    expect(memory.compare("")("vat")).toBe(0);
  });
});
