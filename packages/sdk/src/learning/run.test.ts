import { describe, expect, it } from "vitest";
import type { LearningError } from "../errors.ts";
import { V1 } from "../serving/serving.testing.ts";
import type { Resolution } from "../serving/types.ts";
import type { ExecutionRecord } from "../telemetry/evidence.ts";
import { manualClock } from "../transport/clock.testing.ts";
import type { Learning } from "./learning.ts";
import { toolParts } from "../tools/tool-parts.ts";
import { createRun } from "./run.ts";

const RESOLUTION: Resolution = {
  versionId: V1,
  version: null,
  split: { kind: "experiment", id: "e", arm: "control" },
  reason: "split",
};

interface Bench {
  run: Learning["run"];
  recorded: ExecutionRecord[];
  errors: LearningError[];
  clock: ReturnType<typeof manualClock>;
}

function bench(resolution: Resolution = RESOLUTION): Bench {
  const recorded: ExecutionRecord[] = [];
  const errors: LearningError[] = [];
  const clock = manualClock();
  const run = createRun({
    clock,
    resolve: () => resolution,
    record: (execution) => recorded.push(execution),
    report: (error) => errors.push(error),
    tools: toolParts,
  });
  return { run, recorded, errors, clock };
}

describe("a run's tools", () => {
  it("are recorded in the order in which calls began, as they were, with time and error", async () => {
    const { run, recorded, clock } = bench();
    const broken = new TypeError("no such page");
    const pending = run(
      "u",
      async ({ tool }) => {
        const slow = tool("search", { query: "tax" }, async (query) => {
          await new Promise<void>((resolve) => clock.after(30, resolve));
          const found = { hits: [1, 2], for: query.query };
          query.query = "changed";
          return found;
        });
        const failing = tool("open", "page", () => {
          throw broken;
        });
        await expect(failing).rejects.toBe(broken);
        const { hits } = await slow;
        void tool("log", [], () => new Promise(() => undefined));
        return `${hits.length} hits`;
      },
      { inputText: "question" },
    );
    await clock.advance(30);
    expect(await pending).toBe("2 hits");
    expect(recorded[0]?.toolCalls).toEqual([
      {
        tool: "search",
        arguments: { query: "tax" },
        result: { hits: [1, 2], for: "tax" },
        failed: false,
        durationMs: 30,
      },
      { tool: "open", arguments: "page", failed: true, error: "no such page", durationMs: 0 },
      { tool: "log", arguments: [] },
    ]);
  });

  it("are recorded with a run that failed, and what the function describes replaces them", async () => {
    const { run, recorded } = bench();
    const failing = run(
      "u",
      ({ tool }) =>
        tool("open", 1, () => {
          throw new Error("no");
        }),
      { inputText: "x" },
    );
    await expect(failing).rejects.toThrow("no");
    await run(
      "u",
      async ({ tool, describe: tell }) => {
        await tool("search", null, () => 1);
        tell({ toolCalls: [{ tool: "mine" }] });
      },
      { inputText: "x" },
    );
    await run("u", () => "", { inputText: "x" });
    expect(recorded.map(({ toolCalls }) => toolCalls?.map((call) => [call.tool, call.failed]))).toEqual([
      [["open", true]],
      [["mine", undefined]],
      undefined,
    ]);
  });
});

describe("run", () => {
  it("returns what the function returns and records the text as the output", async () => {
    const { run, recorded, clock } = bench();
    const pending = run(
      "user-1",
      async ({ resolution }) => {
        await new Promise<void>((resolve) => clock.after(40, resolve));
        return `answer of ${resolution.versionId}`;
      },
      { inputText: "question", sessionId: "s" },
    );
    await clock.advance(40);
    expect(await pending).toBe(`answer of ${V1}`);
    expect(recorded).toEqual([
      {
        executionId: recorded[0]?.executionId,
        inputText: "question",
        sessionId: "s",
        outputText: `answer of ${V1}`,
        latencyMs: 40,
        resolution: RESOLUTION,
        unitId: "user-1",
      },
    ]);
  });

  it("records what the function describes, over what it returns", async () => {
    const { run, recorded } = bench();
    const result = await run("u", ({ describe, executionId }) => {
      describe({ inputText: "in", outputText: "out", promptTokens: 3 });
      describe({ promptTokens: 5, latencyMs: 7 });
      return { executionId };
    });
    expect(recorded).toMatchObject([
      { executionId: result.executionId, inputText: "in", outputText: "out", promptTokens: 5, latencyMs: 7 },
    ]);
    await run(
      "u",
      ({ describe }) => {
        describe({ outputText: "described" });
        return "returned";
      },
      { inputText: "x", executionId: "mine" },
    );
    expect(recorded[1]).toMatchObject({ outputText: "described", executionId: "mine" });
  });

  it("throws the function's own error, whether thrown or rejected, and records the failure", async () => {
    const { run, recorded } = bench();
    class RouteError extends Error {
      override name = "RouteError";
    }
    const error = new RouteError("no route");
    const failing = run(
      "u",
      ({ describe }) => {
        describe({ status: "succeeded" });
        throw error;
      },
      { inputText: "x" },
    );
    await expect(failing).rejects.toBe(error);
    await expect(run("u", () => Promise.reject(error), { inputText: "x" })).rejects.toBe(error);
    // oxlint-disable-next-line typescript/only-throw-error -- agents throw anything
    const odd = run("u", () => Promise.reject("text"), { inputText: "x" });
    await expect(odd).rejects.toBe("text");
    expect(recorded).toMatchObject([
      { status: "failed", errorType: "RouteError", errorMessage: "no route" },
      { status: "failed", errorType: "RouteError" },
      { status: "failed", errorType: "string", errorMessage: "text" },
    ]);
  });

  it("says so when there is no input to record, and runs all the same", async () => {
    const { run, recorded, errors } = bench();
    expect(await run("u", () => 7)).toBe(7);
    expect(await run("u", () => 8, null as never)).toBe(8);
    expect(recorded).toEqual([]);
    expect(errors.map(({ kind }) => kind)).toEqual(["invalid", "invalid"]);
  });

  it("records no unit that cannot be recorded", async () => {
    const { run, recorded } = bench({ ...RESOLUTION, split: null, reason: "invalid_unit" });
    await run("x".repeat(300), () => "", { inputText: "x" });
    expect(recorded[0]?.unitId).toBeUndefined();
  });
});
