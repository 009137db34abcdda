import { describe, expect, it } from "vitest";
import { type RawCheckOptions, readCheckOptions } from "./check-options.ts";

const DEFAULTS = { checks: "regression,safety", timeout: "60", wait: "1800", concurrency: "4" };
const SERVER = { url: "http://localhost:8000/", key: "k", agent: "a", versionId: "v" };
const LOCAL = { candidate: "c.json", cases: "cases.jsonl" };

const without = (raw: Partial<RawCheckOptions>, name: keyof RawCheckOptions): Partial<RawCheckOptions> =>
  Object.fromEntries(Object.entries(raw).filter(([key]) => key !== name));
const read = (raw: Partial<RawCheckOptions>, environment = {}): ReturnType<typeof readCheckOptions> =>
  readCheckOptions({ ...DEFAULTS, ...raw }, environment);

describe("readCheckOptions", () => {
  it("knows a check on a server from one of files", () => {
    expect(read(SERVER)).toMatchObject({
      mode: "server",
      url: "http://localhost:8000",
      timeoutMilliseconds: 60_000,
    });
    expect(
      read({ agent: "a", candidate: "c.json" }, { LEARNING_URL: "https://x", LEARNING_KEY: "k" }),
    ).toMatchObject({
      mode: "server",
      key: "k",
      candidate: "c.json",
    });
    expect(read(LOCAL)).toMatchObject({ mode: "local", checks: ["regression", "safety"] });
    // A machine with LEARNING_URL set can still check files.
    expect(read(LOCAL, { LEARNING_URL: "https://x" })).toMatchObject({ mode: "local" });
    expect(read({ ...LOCAL, checks: "safety" }).checks).toEqual(["safety"]);
  });

  it.each<[Partial<RawCheckOptions>, RegExp]>([
    [{}, /Say what to check/],
    [{ candidate: "c.json" }, /--cases FILE/],
    [without(SERVER, "key"), /LEARNING_KEY/],
    [without(SERVER, "agent"), /--agent is needed/],
    [{ ...SERVER, candidate: "c.json" }, /either --version-id/],
    [{ ...SERVER, url: "localhost:8000" }, /must begin with http/],
    [{ ...SERVER, cases: "x" }, /leave out --url/],
    [{ ...SERVER, baselineCommand: "x" }, /goes with --command/],
    [{ ...LOCAL, baselineCommand: "x" }, /goes with --baseline/],
    [{ ...LOCAL, checks: "speed" }, /--checks takes/],
    [{ ...LOCAL, checks: "" }, /--checks takes/],
    [{ ...LOCAL, timeout: "soon" }, /--timeout must be a number/],
    [{ ...LOCAL, timeout: "NaN" }, /--timeout must be a number/],
    [{ ...LOCAL, wait: "0" }, /--wait must be a number from 1/],
    [{ ...LOCAL, concurrency: "1000" }, /--concurrency/],
  ])("refuses %j", (raw, message) => {
    expect(() => read(raw)).toThrow(message);
  });
});
