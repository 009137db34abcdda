import { expect, it } from "vitest";
import { isHeldOut } from "./embedding-lines.ts";

it("holds a query out however it is written, and a quarter of all", () => {
  const queries = Array.from({ length: 2_000 }, (_, index) => `how do I report ${index}`);
  const held = queries.filter(isHeldOut);
  expect(held.length / queries.length).toBeGreaterThan(0.2);
  expect(held.length / queries.length).toBeLessThan(0.3);
  for (const query of queries.slice(0, 100))
    expect(isHeldOut(`  ${query.toUpperCase()} `)).toBe(isHeldOut(query));
});
