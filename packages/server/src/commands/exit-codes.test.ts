import { describe, expect, it } from "vitest";
import { ConfigError } from "../config.ts";
import { DataDirectoryLockedError } from "../database/index.ts";
import { DemoError } from "../demo/demo-error.ts";
import { LabelledCsvError } from "../demo/labelled-csv-error.ts";
import { exitCodeOf, explain } from "./exit-codes.ts";

const away = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
const taken = Object.assign(new Error("listen EADDRINUSE 127.0.0.1:8000"), {
  code: "EADDRINUSE",
  syscall: "listen",
});
const missing = Object.assign(new Error("ENOENT: no such file"), { code: "ENOENT", syscall: "open" });

describe("exitCodeOf", () => {
  it.each([
    ["a variable that cannot be used", new ConfigError("PORT: too large"), 2],
    ["a file of messages that cannot be read", new LabelledCsvError("no column text", 1), 2],
    ["a database that is not there", away, 3],
    [
      "one that is not there, wrapped",
      new Error("migration failed", { cause: Object.assign(new Error(), { code: "57P01" }) }),
      3,
    ],
    ["a data directory in use", new DataDirectoryLockedError("in use by process 1"), 4],
    ["a port in use", taken, 1],
    ["a missing file", missing, 1],
    ["a demo that cannot go on", new DemoError("nothing was learned"), 1],
    ["a bug", new TypeError("x is not a function"), 1],
    ["no error", "oops", 1],
  ])("of %s", (_what, error, code) => expect(exitCodeOf(error)).toBe(code));
});

describe("explain", () => {
  it("says what to do, without a stack, where the cause is known", () => {
    expect(explain(new ConfigError("PORT: too large"))).toBe("PORT: too large");
    expect(explain(new LabelledCsvError("no column text", 3))).toBe("Line 3: no column text");
    expect(explain(new DemoError("nothing was learned"))).toBe("nothing was learned");
    expect(explain(away)).toMatch(/^The database cannot be reached .*Check DATABASE_URL/);
    expect(explain(taken)).toMatch(/^The port cannot be listened on .*--port/);
    for (const error of [away, taken, new DataDirectoryLockedError("in use")]) {
      expect(explain(error)).not.toContain(" at ");
    }
  });

  it("shows where a bug is, and what caused it", () => {
    const text = explain(new Error("outer", { cause: new Error("inner") }));
    expect(text).toContain("exit-codes.test.ts");
    expect(text).toContain("because: inner");
    expect(explain("oops")).toBe("oops");
  });
});
