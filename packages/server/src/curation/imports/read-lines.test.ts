import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Line, LONGEST_LINE, readLines } from "./read-lines.ts";
import type { TextEncoding } from "./text-encoding.ts";

describe("the lines of an import", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "als-lines-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function linesOf(content: Buffer | string, declared?: TextEncoding): Promise<Line[]> {
    const path = join(folder, "file");
    writeFileSync(path, content);
    return Array.fromAsync(readLines(path, declared));
  }

  it.each<[string, Buffer | string]>([
    ["line feeds", "ä\nb"],
    ["carriage returns too, and a last line feed", "ä\r\nb\r\n"],
    ["a byte order mark", "\uFEFFä\nb"],
    ["UTF-16, little end first", Buffer.from("\uFEFFä\nb", "utf16le")],
    ["UTF-16, big end first", Buffer.from("\uFEFFä\nb", "utf16le").swap16()],
  ])("%s", async (_name, content) => {
    expect(await linesOf(content)).toEqual([
      { line: 1, text: "ä" },
      { line: 2, text: "b" },
    ]);
  });

  it("counts empty lines and leaves them out", async () => {
    expect(await linesOf("\n\na\n \nb")).toEqual([
      { line: 3, text: "a" },
      { line: 5, text: "b" },
    ]);
    expect(await linesOf("")).toEqual([]);
  });

  it("reports what is not UTF-8 and goes on", async () => {
    const mixed = Buffer.concat([Buffer.from("a\n"), Buffer.from([0xe4, 0x0a]), Buffer.from("ö")]);
    expect(await linesOf(mixed)).toEqual([
      { line: 1, text: "a" },
      { line: 2, reason: expect.stringContaining("not UTF-8") as string },
      { line: 3, text: "ö" },
    ]);
  });

  it("reads Latin-1 where it is declared", async () => {
    const lines = Buffer.from("Stra\u00dfe\n\u00e4", "latin1");
    expect(await linesOf(lines, "windows-1252")).toEqual([
      { line: 1, text: "Straße" },
      { line: 2, text: "ä" },
    ]);
    expect((await linesOf(lines)).map((line) => "reason" in line)).toEqual([true, true]);
  });

  it.each([false, true])("reports half a character in UTF-16 and goes on; big end first: %s", async (big) => {
    // U+0A00 and U+000A have the bytes of a line feed the other way round, and across two characters.
    const text = Buffer.from("\uFEFFa\n\uD83D\n\u0A00\u010A\u0001\nb", "utf16le");
    const lines = await linesOf(big ? text.swap16() : text);
    expect(lines).toEqual([
      { line: 1, text: "a" },
      { line: 2, reason: expect.stringContaining("not UTF-16") as string },
      { line: 3, text: "\u0A00\u010A\u0001" },
      { line: 4, text: "b" },
    ]);
  });

  it("reports a file of UTF-16 that ends within a character", async () => {
    const text = Buffer.from("\uFEFFa\nb", "utf16le");
    expect(await linesOf(Buffer.concat([text, Buffer.from([0x63])]))).toEqual([
      { line: 1, text: "a" },
      { line: 2, reason: expect.stringContaining("not UTF-16") as string },
    ]);
  });

  it("a line of UTF-16 that is too long is reported and not held", async () => {
    const long = "x".repeat(LONGEST_LINE / 2 + 1);
    expect(await linesOf(Buffer.from(`\uFEFFa\n${long}\nb`, "utf16le"))).toEqual([
      { line: 1, text: "a" },
      { line: 2, reason: "is longer than 4 MiB" },
      { line: 3, text: "b" },
    ]);
  });

  it("reports a line that is too long and goes on", async () => {
    const long = "x".repeat(LONGEST_LINE + 1);
    expect(await linesOf(`a\n${long}\nb`)).toEqual([
      { line: 1, text: "a" },
      { line: 2, reason: "is longer than 4 MiB" },
      { line: 3, text: "b" },
    ]);
  });

  it("puts together characters that lie across pieces", async () => {
    const line = "ä€😀".repeat(40_000);
    expect(await linesOf(`${line}\n${line}`)).toEqual([
      { line: 1, text: line },
      { line: 2, text: line },
    ]);
    const wide = Buffer.from(`\uFEFF${line}\n${line}`, "utf16le").swap16();
    expect(await linesOf(wide)).toEqual([
      { line: 1, text: line },
      { line: 2, text: line },
    ]);
  });
});
