import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LabelledCsvError } from "./labelled-csv-error.ts";
import { parseLabelledCsv, readLabelledCsv } from "./read-labelled-csv.ts";
import type { LabelledMessage } from "./split-messages.ts";

const encoder = new TextEncoder();

function chunksOf(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

async function parse(csv: string | Uint8Array, chunkSize = 65_536): Promise<LabelledMessage[]> {
  const bytes = typeof csv === "string" ? encoder.encode(csv) : csv;
  return Array.fromAsync(parseLabelledCsv(chunksOf(bytes, chunkSize)));
}

async function faultOf(csv: string | Uint8Array, chunkSize?: number): Promise<LabelledCsvError> {
  const error: unknown = await parse(csv, chunkSize).catch((caught: unknown) => caught);
  if (!(error instanceof LabelledCsvError)) throw new Error(`No fault, but ${JSON.stringify(error)}`);
  return error;
}

describe("parseLabelledCsv", () => {
  const two = [
    { text: "Is it due?", category: "deadline" },
    { text: "I paid, twice", category: "fee" },
  ];

  it("reads LF, CRLF, a byte order mark, and a last line with or without an end", async () => {
    const lf = 'text,category\nIs it due?,deadline\n"I paid, twice",fee';
    for (const csv of [lf, `${lf}\n`, lf.replaceAll("\n", "\r\n"), `\uFEFF${lf}\n`, `\uFEFF${lf}\r\n`])
      expect(await parse(csv)).toEqual(two);
  });

  it("finds the columns by name, in either order, between others", async () => {
    expect(await parse("category,text\ndeadline,Is it due?")).toEqual([two[0]]);
    expect(await parse(" Text , CATEGORY \nIs it due?,deadline")).toEqual([two[0]]);
    expect(await parse("id,category,language,text\n7,deadline,en,Is it due?")).toEqual([two[0]]);
  });

  it("unquotes: commas, doubled quotes, line breaks", async () => {
    const csv = 'text,category\r\n"He said ""no"", twice.\r\nThen\nleft.","a"\r\n"""x""",b\r\n';
    expect(await parse(csv)).toEqual([
      { text: 'He said "no", twice.\r\nThen\nleft.', category: "a" },
      { text: '"x"', category: "b" },
    ]);
  });

  it("skips blank lines and removes white space around values", async () => {
    expect(await parse("\ntext,category\n\n  a b  ,\tx \n\r\n\n")).toEqual([{ text: "a b", category: "x" }]);
  });

  it("gives the same whatever the chunks", async () => {
    const csv = '\uFEFFtext,category\r\n"Zürich – 5 €, ""bitte""\r\nschnell 👍",frage\r\nplain,b\r\n';
    const whole = await parse(csv);
    expect(whole).toEqual([
      { text: 'Zürich – 5 €, "bitte"\r\nschnell 👍', category: "frage" },
      { text: "plain", category: "b" },
    ]);
    for (let size = 1; size <= 40; size += 1) expect(await parse(csv, size)).toEqual(whole);
  });

  it("gives back what was written", async () => {
    const value = fc
      .string({ unit: "grapheme", minLength: 1 })
      .map((text) => text.replaceAll("\u0000", "x").replaceAll("\uFFFD", "x").trim())
      .filter((text) => text !== "" && text.isWellFormed());
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ text: value, category: value }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom("\n", "\r\n"),
        async (messages, size, end) => {
          const rows = messages.map(({ text, category }) => `${quote(text)},${quote(category)}`);
          expect(await parse(["text,category", ...rows].join(end), size)).toEqual(messages);
        },
      ),
      { numRuns: 100, seed: 1 },
    );
  });

  it.each([
    ["a message without its category", "text,category\na,b\nc", 3, /header has 2 columns, this row 1\./],
    ["a comma without quotes", "text,category\nwell, then,b", 2, /2 columns, this row 3\..*double quotes/],
    ["an empty text", "text,category\n   ,b", 2, /text is empty/],
    ["an empty category", 'text,category\n"a\nb",""', 2, /category is empty/],
    ["a header without category", "text,label\na,b", 1, /"category" is missing from "text,label"/],
    ["no header at all", "Is it due?,deadline\n", 1, /"text" is missing/],
    ["semicolons", "text;category\na;b", 1, /Separate columns with commas/],
    ["a column named twice", "text,category,text\na,b,c", 1, /names "text" twice/],
    ["an unclosed quote", 'text,category\na,b\n"c,d\ne,f\n', 3, /never closed/],
    ["text after a closing quote", 'text,category\n"a" b,c', 2, /after a closing quote/],
    ["a quote in a bare value", 'text,category\nthe "x",c', 2, /quote inside a value/],
    ["a lone carriage return", "text,category\ra,b", 1, /carriage return/],
    ["a quote right after a carriage return", 'text,category\r"a",b', 1, /carriage return/],
    ["a carriage return at the end", 'text,category\n"a",b\r', 2, /carriage return/],
    ["a NUL character", "text,category\na,b\nc\u0000,d", 3, /NUL/],
  ])("names line and fault of %s", async (_, csv, line, message) => {
    for (const size of [1, 65_536]) {
      const fault = await faultOf(csv, size);
      expect(fault.line).toBe(line);
      expect(fault.message).toMatch(message);
      expect(fault.message).toContain(`Line ${line}: `);
    }
  });

  it("counts the lines of quoted values", async () => {
    const fault = await faultOf('text,category\n"a\nb\n\nc",x\n\n"d\ne",\n');
    expect(fault.message).toBe("Line 7: The category is empty.");
  });

  it("names the line of a byte that is not UTF-8", async () => {
    const latin = Buffer.from("text,category\nok,a\nM\u00FCller,b\n", "latin1");
    expect((await faultOf(latin)).message).toBe(
      "Line 3: A character that is not UTF-8; save the file as UTF-8.",
    );
    expect((await faultOf(Buffer.from("text,category\na,b\n", "utf16le"))).line).toBe(1);
    const cut = encoder.encode("text,category\na,b\nc,€");
    expect((await faultOf(cut.subarray(0, -1))).line).toBe(3);
  });

  it("refuses a file without messages", async () => {
    expect((await faultOf("")).message).toMatch(/file is empty/);
    expect((await faultOf("\uFEFF\r\n")).message).toMatch(/file is empty/);
    expect(await faultOf("text,category\r\n")).toMatchObject({
      line: undefined,
      message: expect.stringMatching(/no messages/) as string,
    });
  });

  it("gives up on a value without end instead of holding the rest of the file", async () => {
    let served = 0;
    function* endless(): Generator<Uint8Array> {
      yield encoder.encode('text,category\na,b\n"c');
      for (; served < 1_000; served += 1) yield encoder.encode("x".repeat(10_000));
    }
    await expect(Array.fromAsync(parseLabelledCsv(endless()))).rejects.toThrow(
      /^Line 3: A value of more than 100000/,
    );
    expect(served).toBeLessThan(15);
  });

  it("hands out messages before it has read everything", async () => {
    let served = 0;
    function* rows(): Generator<Uint8Array> {
      yield encoder.encode("text,category\n");
      for (; served < 1_000; served += 1) yield encoder.encode(`message ${served},a\n`);
    }
    for await (const message of parseLabelledCsv(rows())) {
      expect(message.text).toBe("message 0");
      break;
    }
    expect(served).toBeLessThan(3);
  });
});

describe("readLabelledCsv", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "labelled-csv-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("reads a file of several chunks, in order", async () => {
    const path = join(folder, "many.csv");
    const texts = Array.from({ length: 20_000 }, (_, index) => `message, number ${index}`);
    await writeFile(path, `text,category\n${texts.map((text) => `"${text}",x`).join("\n")}\n`);
    const read = await Array.fromAsync(readLabelledCsv(path));
    expect(read.map((message) => message.text)).toEqual(texts);
  });

  it("says why a file cannot be read", async () => {
    const missing = join(folder, "missing.csv");
    await expect(Array.fromAsync(readLabelledCsv(missing))).rejects.toThrow(
      `Cannot read ${missing}: there is no such file.`,
    );
    const error: unknown = await Array.fromAsync(readLabelledCsv(folder)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(LabelledCsvError);
    expect((error as LabelledCsvError).message).toBe(`Cannot read ${folder}: it is a folder.`);
    expect((error as LabelledCsvError).cause).toMatchObject({ code: "EISDIR" });
  });
});
