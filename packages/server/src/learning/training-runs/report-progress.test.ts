import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { RunCancelled, type RunHandle } from "./carry-out-run.ts";
import { reportProgress } from "./report-progress.ts";

type Change = Parameters<RunHandle["change"]>;

function handleThat(change: (...input: Change) => Promise<void>): RunHandle {
  return { change } as unknown as RunHandle;
}
const options = {
  range: [50, 70],
  what: "Rows",
  signal: new AbortController().signal,
  milliseconds: 0,
} as const;

it("writes how far the step is, one write after another", async () => {
  const written: unknown[] = [];
  let release = (): void => undefined;
  const handle = handleThat(async ({ progressPercentage }, { data }) => {
    written.push([progressPercentage, data]);
    await new Promise<void>((resolve) => (release = resolve));
  });
  const step = reportProgress(handle, options);
  step.report(0.5);
  step.report(0.75);
  expect(written).toEqual([[60, { message: "Rows: 50 %" }]]);
  release();
  await turn();
  step.report(1);
  const end = step.end();
  release();
  await end;
  expect(written.at(-1)).toEqual([70, { message: "Rows: 100 %" }]);
});

it("waits between two writes", () => {
  let writes = 0;
  const handle = handleThat(async () => void (writes += 1));
  reportProgress(handle, { ...options, milliseconds: 60_000 }).report(0.5);
  expect(writes).toBe(0);
});

it("leaves the step when the run was cancelled, and says so at its end", async () => {
  const cancelled = new RunCancelled("the run was asked to stop");
  const step = reportProgress(
    handleThat(() => Promise.reject(cancelled)),
    options,
  );
  step.report(0.1);
  await turn();
  expect(step.signal.reason).toBe(cancelled);
  await expect(step.end()).rejects.toBe(cancelled);
});

it("ends with its caller", () => {
  const outer = new AbortController();
  const step = reportProgress(
    handleThat(async () => undefined),
    { ...options, signal: outer.signal },
  );
  outer.abort();
  expect(step.signal.aborted).toBe(true);
});
