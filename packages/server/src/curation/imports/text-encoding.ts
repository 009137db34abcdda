import { ProblemError } from "../../http/index.ts";

/** How the bytes of an import are text. Latin-1 is read as Windows-1252, as browsers do: it has the same letters. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

const LABELS: Readonly<Record<string, TextEncoding | undefined>> = {
  "utf-8": "utf-8",
  utf8: "utf-8",
  "us-ascii": "utf-8",
  // Which of the two is seen from the bytes.
  "utf-16": undefined,
  "utf-16le": "utf-16le",
  "utf-16be": "utf-16be",
  "windows-1252": "windows-1252",
  cp1252: "windows-1252",
  "iso-8859-1": "windows-1252",
  latin1: "windows-1252",
};

/**
 * What a Content-Type says the text is written in; undefined where it does not say.
 * @throws ProblemError unsupported-media-type for an encoding that cannot be read
 */
export function declaredEncoding(contentType: string): TextEncoding | undefined {
  const label = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1]?.toLowerCase();
  if (label === undefined || Object.hasOwn(LABELS, label)) return LABELS[label ?? ""];
  throw new ProblemError(
    "unsupported-media-type",
    "The file's charset cannot be read. Save it as UTF-8, or declare UTF-16, Windows-1252 or ISO-8859-1.",
    { errors: [{ path: "headers.content-type", message: "has a charset that cannot be read" }] },
  );
}

/** The byte order mark that bytes begin with. @returns what it says, and its length in bytes */
function byteOrderMark(start: Buffer): { encoding: TextEncoding; length: number } | undefined {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return { encoding: "utf-8", length: 3 };
  if (start[0] === 0xff && start[1] === 0xfe) return { encoding: "utf-16le", length: 2 };
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: "utf-16be", length: 2 };
  return undefined;
}

/**
 * The encoding of a file of JSON lines by its first bytes: its byte order mark, else what was declared, else UTF-16 where one of the
 * first two bytes is zero (JSON begins with an ASCII character, RFC 4627 section 3), else UTF-8.
 * @returns the encoding, and how many bytes to leave out at the start
 */
export function encodingOf(
  start: Buffer,
  declared: TextEncoding | undefined,
): { encoding: TextEncoding; skip: number } {
  const mark = byteOrderMark(start);
  if (mark !== undefined) return { encoding: mark.encoding, skip: mark.length };
  if (declared !== undefined) return { encoding: declared, skip: 0 };
  if (start.length >= 2 && start[0] !== 0 && start[1] === 0) return { encoding: "utf-16le", skip: 0 };
  if (start.length >= 2 && start[0] === 0 && start[1] !== 0) return { encoding: "utf-16be", skip: 0 };
  return { encoding: "utf-8", skip: 0 };
}

/** Characters of the bytes 0x80 to 0x9F in Windows-1252; a space where it has none. */
const WINDOWS_1252 = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

/** @throws TypeError for a byte that stands for nothing */
function fromWindows1252(bytes: Buffer): string {
  // Our own table: some Node versions decode these bytes as the control characters of Latin-1.
  return bytes.toString("latin1").replaceAll(/[\u0080-\u009F]/g, (control) => {
    const character = WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? " ";
    if (character === " ") throw new TypeError("no character");
    return character;
  });
}

const ADVICE: Readonly<Record<TextEncoding, string>> = {
  "utf-8": "is not UTF-8 text: save the file as UTF-8, or declare another charset in the Content-Type",
  "utf-16le": "is not UTF-16 text: half a character is missing",
  "utf-16be": "is not UTF-16 text: half a character is missing",
  "windows-1252": "is not Windows-1252 text: a byte of it stands for nothing",
};

/** A reader of whole lines in an encoding: their text, or why they have none. */
export function lineDecoder(encoding: TextEncoding): (line: Buffer) => { text: string } | { reason: string } {
  const decoder = new TextDecoder(encoding === "utf-8" ? "utf-8" : "utf-16le", {
    fatal: true,
    ignoreBOM: true,
  });
  const decode = (line: Buffer): string => {
    if (encoding === "windows-1252") return fromWindows1252(line);
    if (encoding !== "utf-16be") return decoder.decode(line);
    if (line.length % 2 !== 0) throw new TypeError("half a character");
    return decoder.decode(Buffer.from(line).swap16());
  };
  return (line) => {
    try {
      return { text: decode(line) };
    } catch {
      return { reason: ADVICE[encoding] };
    }
  };
}

/** The bytes of a line feed. */
export function lineFeedOf(encoding: TextEncoding): Buffer {
  if (encoding === "utf-16le") return Buffer.from([0x0a, 0x00]);
  return encoding === "utf-16be" ? Buffer.from([0x00, 0x0a]) : Buffer.from([0x0a]);
}
