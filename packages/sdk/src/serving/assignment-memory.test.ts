import { expect, it } from "vitest";
import { createAssignmentMemory, guardMemory } from "./assignment-memory.ts";

it("keeps the arm of a unit in each split by itself", () => {
  const memory = createAssignmentMemory();
  memory.set("a", "u", "bold");
  expect([memory.get("a", "u"), memory.get("b", "u"), memory.get("a", "v")]).toEqual([
    "bold",
    undefined,
    undefined,
  ]);
});

it("forgets the first units when there are too many", () => {
  const memory = createAssignmentMemory(2);
  for (const unit of ["u", "v", "w"]) memory.set("a", unit, "bold");
  expect(["u", "v", "w"].map((unit) => memory.get("a", unit))).toEqual([undefined, "bold", "bold"]);
});

it("counts what a memory throws as not knowing", () => {
  const fail = (): never => {
    throw new Error("no cookie");
  };
  const memory = guardMemory({ get: fail, set: fail });
  expect(() => memory.set("a", "u", "bold")).not.toThrow();
  expect(memory.get("a", "u")).toBeUndefined();
});
