import { appendFile, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { createItem, type Item } from "../telemetry/item.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { createAppender } from "./appender.ts";
import { createSegment, type Segment } from "./segment.ts";

let folder: string;
let path: string;
let errors: unknown[];
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, "1.jsonl");
  errors = [];
});
const item = (key: string): Item => createItem(key, "executions", `{"n":"${key}"}`, 1);
const open = (): Segment =>
  createSegment({ path, backlog: { characters: 0 }, onError: (error) => errors.push(error) });
const keysOf = async (segment: Segment): Promise<string[]> =>
  (await segment.read()).items.map(({ key }) => key);

describe("an appender", () => {
  it("counts what waits in memory, until it is written, discarded or lost", async () => {
    const backlog = { characters: 0 };
    const [good, other, bad] = [path, `${path}2`, join(folder, "none", "x")].map((at) =>
      createAppender(at, backlog, (error) => errors.push(error)),
    );
    for (const appender of [good, other, bad]) appender?.append("12345");
    expect(backlog.characters).toBe(15);
    other?.discard();
    await Promise.all([good?.idle(), bad?.idle()]);
    bad?.append("6");
    expect(backlog.characters).toBe(0);
  });

  it("writes in order, for this user only", async () => {
    const appender = createAppender(path, { characters: 0 }, (error) => errors.push(error));
    for (let i = 0; i < 1_000; i += 1) appender.append(`${i},`);
    await appender.idle();
    appender.append("end");
    await appender.idle();
    expect(await readFile(path, "utf8")).toBe(
      `${Array.from({ length: 1_000 }, (_, i) => `${i},`).join("")}end`,
    );
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("reports once when the folder is not there, and is dead then", async () => {
    const appender = createAppender(join(folder, "none", "x"), { characters: 0 }, (error) =>
      errors.push(error),
    );
    appender.append("a");
    await appender.idle();
    appender.append("b");
    await appender.idle();
    appender.drain();
    expect(errors).toHaveLength(1);
  });

  it("writes the rest at once when the process ends, and nothing after discarding", async () => {
    const appender = createAppender(path, { characters: 0 }, (error) => errors.push(error));
    appender.append("a");
    appender.append("b");
    appender.drain();
    expect(await readFile(path, "utf8")).toBe("ab");
    const other = createAppender(join(folder, "2"), { characters: 0 }, (error) => errors.push(error));
    other.append("a");
    other.discard();
    other.drain();
    await other.idle();
    expect(await readdir(folder)).toEqual(["1.jsonl"]);
  });
});

describe("a segment", () => {
  it("gives back what was not struck off", async () => {
    const segment = open();
    for (const key of ["a", "b", "c", "d"]) segment.write(item(key), true);
    segment.strike(["b"]);
    segment.strike(["c"]);
    await segment.written();
    await expect.poll(() => keysOf(open())).toEqual(["a", "d"]);
  });

  it("tolerates half a line at the end of either file, and goes on after it", async () => {
    const segment = open();
    for (const key of ["a", "b", "c"]) segment.write(item(key), true);
    await segment.written();
    await appendFile(path, '{"key":"d","lane":"exec');
    await writeFile(`${path}.done`, "a\nhalf-a-k");
    const next = open();
    expect(await next.read()).toMatchObject({ corrupt: 1 });
    expect(next.pending).toBe(2);
    next.strike(["b"]);
    await expect.poll(() => keysOf(open())).toEqual(["c"]);
  });

  it("removes both files, also while it is writing", async () => {
    const segment = open();
    segment.write(item("a"), true);
    segment.strike(["x"]);
    await segment.remove();
    segment.write(item("b"), true);
    await segment.written();
    expect(await readdir(folder)).toEqual([]);
  });
});
