import { describe, expect, it, vi } from "vitest";
import { createReport, LearningError, messageOf } from "./errors.ts";

const failure = new LearningError("network", "the server cannot be reached", { lost: 2 });

describe("createReport", () => {
  it("hands the error to the callback, once for each", () => {
    const seen: LearningError[] = [];
    const report = createReport(
      (error) => seen.push(error),
      vi.fn<(message: string) => void>(),
      () => 0,
    );
    report(failure);
    report(failure);
    expect(seen).toEqual([failure, failure]);
    expect(seen[0]?.lost).toBe(2);
  });

  it("survives a callback that throws or rejects", async () => {
    const warn = vi.fn<(message: string) => void>();
    createReport(
      () => {
        throw new Error("callback");
      },
      warn,
      () => 0,
    )(failure);
    createReport(
      async () => {
        throw new Error("async callback");
      },
      warn,
      () => 0,
    )(failure);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(warn).not.toHaveBeenCalled();
  });

  it("warns without a callback, at most once a minute for each kind", () => {
    let now = 0;
    const warn = vi.fn<(message: string) => void>();
    const report = createReport(undefined, warn, () => now);
    report(failure);
    now = 59_999;
    report(failure);
    report(new LearningError("rejected", "no"));
    now = 60_000;
    report(failure);
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      "agent-learning: the server cannot be reached",
      "agent-learning: no",
      "agent-learning: the server cannot be reached",
    ]);
  });
});

it("reads a message from anything", () => {
  expect(messageOf(new Error("x"))).toBe("x");
  expect(messageOf(7)).toBe("7");
  const hostile = {
    toString(): string {
      throw new Error("no");
    },
  };
  expect(messageOf(hostile)).toBe("an error that cannot be read");
});
