import { describe, expect, it } from "vitest";
import { retryConflicts } from "./retry-conflicts.ts";

function failing(times: number, code: string): { work: () => Promise<string>; calls: () => number } {
  let calls = 0;
  return {
    calls: () => calls,
    work: async () => {
      calls += 1;
      if (calls <= times) throw Object.assign(new Error("collided"), { code });
      return "done";
    },
  };
}

describe("retryConflicts", () => {
  it.each(["23505", "40001", "40P01"])("starts again after %s", async (code) => {
    const { work, calls } = failing(2, code);
    await expect(retryConflicts(work)).resolves.toBe("done");
    expect(calls()).toBe(3);
  });

  it("gives up after five attempts", async () => {
    const { work, calls } = failing(9, "23505");
    await expect(retryConflicts(work)).rejects.toThrow("collided");
    expect(calls()).toBe(5);
  });

  it("lets any other error through at once", async () => {
    const { work, calls } = failing(1, "23503");
    await expect(retryConflicts(work)).rejects.toThrow("collided");
    expect(calls()).toBe(1);
  });
});
