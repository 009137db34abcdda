import { describe, expect, it } from "vitest";
import { declaredEncoding, encodingOf, lineDecoder } from "./text-encoding.ts";

describe("the encoding of an import", () => {
  it.each([
    ["application/x-ndjson", undefined],
    ["application/x-ndjson; charset=utf-8", "utf-8"],
    ['application/x-ndjson; charset="UTF-16LE"', "utf-16le"],
    ["application/x-ndjson;charset=utf-16", undefined],
    ["application/x-ndjson; charset=ISO-8859-1", "windows-1252"],
    ["application/x-ndjson; charset=Windows-1252; header=present", "windows-1252"],
  ])("%s declares %s", (type, encoding) => {
    expect(declaredEncoding(type)).toBe(encoding);
  });

  it.each(["application/x-ndjson; charset=shift_jis", "application/x-ndjson; charset=__proto__"])(
    "%s is refused with what can be read",
    (type) => {
      expect(() => declaredEncoding(type)).toThrow(/Save it as UTF-8/);
    },
  );

  it.each<[string, number[], ReturnType<typeof declaredEncoding>, object]>([
    ["no mark", [0x7b, 0x22], undefined, { encoding: "utf-8", skip: 0 }],
    ["a mark of UTF-8", [0xef, 0xbb, 0xbf, 0x7b], undefined, { encoding: "utf-8", skip: 3 }],
    ["a mark of UTF-16, little end first", [0xff, 0xfe], undefined, { encoding: "utf-16le", skip: 2 }],
    ["a mark of UTF-16, big end first", [0xfe, 0xff], undefined, { encoding: "utf-16be", skip: 2 }],
    ["UTF-16 without a mark, little end first", [0x7b, 0], undefined, { encoding: "utf-16le", skip: 0 }],
    ["UTF-16 without a mark, big end first", [0, 0x7b], undefined, { encoding: "utf-16be", skip: 0 }],
    ["what is declared", [0x7b, 0xe4], "windows-1252", { encoding: "windows-1252", skip: 0 }],
    ["a mark against what is declared", [0xff, 0xfe], "windows-1252", { encoding: "utf-16le", skip: 2 }],
    ["nothing", [], undefined, { encoding: "utf-8", skip: 0 }],
  ])("%s", (_name, bytes, declared, expected) => {
    expect(encodingOf(Buffer.from(bytes), declared)).toEqual(expected);
  });

  it("Windows-1252 has quotation marks and the euro where Latin-1 has controls", () => {
    const decode = lineDecoder("windows-1252");
    expect(decode(Buffer.from([0x80, 0x20, 0x84, 0xe4, 0x93, 0x9f, 0xff]))).toEqual({ text: "€ „ä“Ÿÿ" });
    for (const byte of [0x81, 0x8d, 0x8f, 0x90, 0x9d])
      expect(decode(Buffer.from([0x61, byte]))).toEqual({
        reason: expect.stringContaining("not Windows-1252") as string,
      });
  });
});
