import { describe, expect, it } from "vitest";
import { createLog, type LogLevel } from "./log.ts";

function capture(level: LogLevel): { log: ReturnType<typeof createLog>; lines: string[] } {
  const lines: string[] = [];
  return { log: createLog(level, (line) => lines.push(line)), lines };
}

describe("createLog", () => {
  it.each([
    ["silent", []],
    ["error", ["error"]],
    ["warn", ["error", "warn"]],
    ["info", ["error", "warn", "info"]],
    ["debug", ["error", "warn", "info", "debug"]],
  ] as const)("writes at level %s what is that grave", (level, expected) => {
    const { log, lines } = capture(level);
    log.error("e");
    log.warn("w");
    log.info("i");
    log.debug("d");
    expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(expected);
  });

  it("writes one JSON object a line, with its fields", () => {
    const { log, lines } = capture("info");
    log.info("listening\nhere", { port: 8_000, since: undefined });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith("\n")).toBe(true);
    expect(lines[0]?.trimEnd()).not.toContain("\n");
    const entry = JSON.parse(lines[0] ?? "") as Record<string, unknown>;
    expect(entry).toEqual({ time: entry.time, level: "info", message: "listening\nhere", port: 8_000 });
    expect(new Date(String(entry.time)).getTime()).toBeLessThanOrEqual(Date.now());
  });

  it("writes errors with their causes and without what else a driver hangs on them", () => {
    const { log, lines } = capture("error");
    const detail = { detail: "Key (email)=(someone@example.com) already exists." };
    const cause = Object.assign(new RangeError("inner"), detail);
    log.error("failed", { error: Object.assign(new Error("outer", { cause }), detail) });
    expect(lines[0]).not.toContain("someone@example.com");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      error: { name: "Error", message: "outer", cause: { name: "RangeError", message: "inner" } },
    });
  });

  it("survives fields that JSON has no word for", () => {
    const { log, lines } = capture("error");
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const endless = new Error("endless");
    endless.cause = endless;
    log.error("circular", { circular });
    log.error("big", { count: 12n });
    log.error("endless", { endless });
    const messages = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(messages.map((entry) => entry.message)).toEqual(["circular", "big", "endless"]);
    expect(messages[1]?.count).toBe("12");
  });
});
