import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { createLog } from "../log.ts";
import { reportQueueErrors } from "./report-queue-errors.ts";

function setUp(): {
  boss: EventEmitter;
  lines: Record<string, unknown>[];
  at: (milliseconds: number) => void;
} {
  const boss = new EventEmitter();
  const lines: Record<string, unknown>[] = [];
  let now = 0;
  const log = createLog("debug", (line) => lines.push(JSON.parse(line) as Record<string, unknown>));
  reportQueueErrors(boss as never, log, () => now);
  return { boss, lines, at: (milliseconds) => (now = milliseconds) };
}

describe("reportQueueErrors", () => {
  it("says once in ten seconds that the database is away", () => {
    const { boss, lines, at } = setUp();
    const away = { message: "connect ECONNREFUSED 127.0.0.1:1", code: "ECONNREFUSED" };
    for (const time of [0, 10, 9_999, 10_000, 15_000]) {
      at(time);
      boss.emit("error", away);
    }
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ level: "warn", error: away.message });
  });

  it("logs each other error, also one that pg-boss copied into a plain object", () => {
    const { boss, lines } = setUp();
    boss.emit("error", new Error("first"));
    boss.emit("error", { message: "second", code: "42P01", queue: "learn" });
    expect(lines.map((line) => line.level)).toEqual(["error", "error"]);
    expect(lines[1]).toMatchObject({ error: { message: "second" } });
  });

  it("keeps the values of a slow statement out of the log", () => {
    const { boss, lines } = setUp();
    boss.emit("warning", {
      message: "slow query",
      data: { type: "slow_query", sql: "…", values: ["secret"] },
    });
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain("secret");
    expect(lines[0]).toMatchObject({ level: "warn", type: "slow_query" });
  });
});
