import { createReadStream } from "node:fs";
import { LabelledCsvError } from "./labelled-csv-error.ts";
import type { LabelledMessage } from "./split-messages.ts";

/** Far above any message: what is longer is a quote that was never closed. */
const FIELD_AT_MOST = 100_000;

/**
 * Streams the messages of a CSV file (RFC 4180, UTF-8 with or without BOM, LF or CRLF), in the order of the file.
 * @throws LabelledCsvError as `parseLabelledCsv` does, and when the file cannot be read
 */
export async function* readLabelledCsv(path: string): AsyncGenerator<LabelledMessage, void, undefined> {
  yield* parseLabelledCsv(bytesOf(path));
}

/**
 * The messages in the bytes of a CSV file. The header must name `text` and `category`, in any order and case; other columns
 * are ignored. Blank lines are skipped, white space around values is removed.
 * @throws LabelledCsvError on a missing header, a row with too many or too few fields, an empty text or category,
 * a misplaced or unclosed quote, bytes that are not UTF-8, a NUL character, and when there is no row
 */
export async function* parseLabelledCsv(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<LabelledMessage, void, undefined> {
  let header: Header | undefined;
  let rows = 0;
  for await (const record of recordsOf(bytes)) {
    if (!header) {
      header = readHeader(record);
      continue;
    }
    rows += 1;
    yield toMessage(record, header);
  }
  if (!header) throw new LabelledCsvError("The file is empty; it must begin with the header text,category.");
  if (rows === 0) throw new LabelledCsvError("The file has a header but no messages.");
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* createReadStream(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : code;
    throw new LabelledCsvError(`Cannot read ${path}: ${why ?? String(error)}.`, undefined, { cause: error });
  }
}

interface Header {
  columns: number;
  text: number;
  category: number;
}

function readHeader({ fields, line }: CsvRecord): Header {
  const names = fields.map((field) => field.trim().toLowerCase());
  const place = (name: string): number => {
    const found = names.indexOf(name);
    if (found === -1) {
      const hint = /[;\t]/.test(fields.join("")) ? " Separate columns with commas." : "";
      throw new LabelledCsvError(
        `The header must name the columns text and category; "${name}" is missing from ${JSON.stringify(fields.join(","))}.${hint}`,
        line,
      );
    }
    if (names.includes(name, found + 1))
      throw new LabelledCsvError(`The header names "${name}" twice.`, line);
    return found;
  };
  return { columns: names.length, text: place("text"), category: place("category") };
}

function toMessage({ fields, line }: CsvRecord, header: Header): LabelledMessage {
  if (fields.length !== header.columns) {
    throw new LabelledCsvError(
      `The header has ${header.columns} columns, this row ${fields.length}. A value with a comma or a line break must stand in double quotes.`,
      line,
    );
  }
  const text = fields[header.text]?.trim() ?? "";
  const category = fields[header.category]?.trim() ?? "";
  if (text === "") throw new LabelledCsvError("The text is empty.", line);
  if (category === "") throw new LabelledCsvError("The category is empty.", line);
  return { text, category };
}

interface CsvRecord {
  fields: string[];
  /** Where it begins; quoted values may make it longer than a line. */
  line: number;
}

async function* recordsOf(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<CsvRecord, void, undefined> {
  // Not `fatal`: the replacement character keeps its place, so the error can name the line.
  const decoder = new TextDecoder("utf-8");
  const splitter = new RecordSplitter();
  for await (const chunk of bytes) yield* splitter.push(decoder.decode(chunk, { stream: true }));
  yield* splitter.push(decoder.decode());
  yield* splitter.end();
}

function loneReturn(line: number): LabelledCsvError {
  return new LabelledCsvError("A carriage return without a line feed; end lines with LF or CRLF.", line);
}

/** The grammar of RFC 4180, a character at a time, because a chunk may end anywhere. */
class RecordSplitter {
  #state: "start" | "plain" | "quoted" | "after quote" | "after return" = "start";
  #field = "";
  #fields: string[] = [];
  #line = 1;
  #recordLine = 1;
  #quoteLine = 1;

  *push(text: string): Generator<CsvRecord, void, undefined> {
    for (const character of text) {
      this.#check(character);
      if (this.#state === "quoted") {
        if (character === '"') this.#state = "after quote";
        else this.#append(character);
      } else if (this.#state === "after return" && character !== "\n") throw loneReturn(this.#line);
      else if (character === '"') this.#quote();
      else if (character === ",") this.#endField();
      else if (character === "\r") this.#state = "after return";
      else if (character === "\n") yield* this.#endRecord();
      else if (this.#state === "after quote")
        throw new LabelledCsvError(
          "Text after a closing quote; write a quote inside a quoted value twice.",
          this.#line,
        );
      else {
        this.#state = "plain";
        this.#append(character);
      }
      if (character === "\n") this.#line += 1;
      if (this.#state === "start" && this.#fields.length === 0) this.#recordLine = this.#line;
    }
  }

  *end(): Generator<CsvRecord, void, undefined> {
    if (this.#state === "quoted")
      throw new LabelledCsvError("The quote that opens here is never closed.", this.#quoteLine);
    if (this.#state === "after return") throw loneReturn(this.#line);
    yield* this.#endRecord();
  }

  #check(character: string): void {
    if (character === "\u0000") throw new LabelledCsvError("A NUL character.", this.#line);
    if (character === "\uFFFD")
      throw new LabelledCsvError("A character that is not UTF-8; save the file as UTF-8.", this.#line);
  }

  #append(character: string): void {
    this.#field += character;
    if (this.#field.length <= FIELD_AT_MOST) return;
    const line = this.#state === "quoted" ? this.#quoteLine : this.#line;
    throw new LabelledCsvError(
      `A value of more than ${FIELD_AT_MOST} characters; is a closing quote missing?`,
      line,
    );
  }

  #quote(): void {
    if (this.#state === "after quote") this.#append('"');
    else if (this.#state !== "start") {
      throw new LabelledCsvError(
        "A quote inside a value without quotes; put the whole value in double quotes and write the quote twice.",
        this.#line,
      );
    } else this.#quoteLine = this.#line;
    this.#state = "quoted";
  }

  #endField(): void {
    this.#fields.push(this.#field);
    this.#field = "";
    this.#state = "start";
  }

  *#endRecord(): Generator<CsvRecord, void, undefined> {
    this.#endField();
    const fields = this.#fields;
    this.#fields = [];
    if (fields.some((field) => field !== "") || fields.length > 1) yield { fields, line: this.#recordLine };
  }
}
