import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseLoosely, readNewLines, readTrainerState, toPoints } from "./work-folder.ts";

describe("the trainer's folder", () => {
  let work: string;
  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), "work-"));
  });
  afterAll(() => rm(work, { recursive: true }));

  it("is read with Python's words for what is not a number, outside strings", () => {
    expect(parseLoosely('{"loss": NaN, "a": -Infinity, "text": "NaN \\" Infinity"}')).toEqual({
      loss: null,
      a: null,
      text: 'NaN " Infinity',
    });
    expect(toPoints(['{"step": 1, "loss": 0.5}', '{"step": 2, "loss": NaN}', "{", '{"loss": 1}'])).toEqual([
      { step: 1, loss: 0.5 },
      { step: 2, loss: null },
    ]);
  });

  it("gives whole lines once, however they arrive", async () => {
    const path = join(work, "metrics.jsonl");
    expect(await readNewLines(path, 0)).toEqual({ lines: [], next: 0 });
    await writeFile(path, "one\ntw");
    const first = await readNewLines(path, 0);
    expect(first).toEqual({ lines: ["one"], next: 4 });
    await appendFile(path, "o\nthree\n");
    expect(await readNewLines(path, first.next)).toEqual({ lines: ["two", "three"], next: 14 });
    expect(await readNewLines(path, 14)).toEqual({ lines: [], next: 14 });
    const bar = "\rrows:   0%|\rrows: 100%|##\r\n\r \r\n";
    await appendFile(path, bar);
    expect(await readNewLines(path, 14)).toEqual({ lines: ["rows: 100%|##"], next: 14 + bar.length });
  });

  it("may hold a state that cannot be read, which is none", async () => {
    expect(await readTrainerState(work)).toBeUndefined();
    for (const text of ["", "{", "[]", '{"pid": "x"}']) {
      await writeFile(join(work, "state.json"), text);
      expect(await readTrainerState(work)).toBeUndefined();
    }
    await writeFile(
      join(work, "state.json"),
      '{"pid": 7, "status": "failed", "step": 3, "heartbeat": 1.5, "error": {"kind": "odd", "message": "x"}}',
    );
    expect(await readTrainerState(work)).toMatchObject({
      pid: 7,
      status: "failed",
      error: { kind: "internal", message: "x" },
    });
  });
});
