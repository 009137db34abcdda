import { types } from "pg";
import { describe, expect, it } from "vitest";
import { valueParsers } from "./value-parsers.ts";

const parse = (type: number, text: string): unknown => valueParsers.get(type)?.(text);

describe("valueParsers", () => {
  it("makes numbers of bigint, and refuses what a number cannot hold", () => {
    expect(parse(types.builtins.INT8, "-42")).toBe(-42);
    expect(parse(types.builtins.INT8, "9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => parse(types.builtins.INT8, "9007199254740992")).toThrow(RangeError);
  });

  it("makes numbers of numeric", () => {
    expect(parse(types.builtins.NUMERIC, "0.70")).toBe(0.7);
    expect(parse(types.builtins.NUMERIC, "NaN")).toBeNaN();
  });

  it("leaves a date as it is written, whatever the time zone", () => {
    expect(parse(types.builtins.DATE, "2026-01-31")).toBe("2026-01-31");
  });

  it("makes a Buffer of bytea", () => {
    expect(parse(types.builtins.BYTEA, "\\x00ff")).toEqual(Buffer.from([0, 255]));
    expect(parse(types.builtins.BYTEA, "\\x")).toEqual(Buffer.alloc(0));
  });

  it("leaves other types to the driver", () => {
    expect([...valueParsers.keys()].toSorted((a, b) => a - b)).toEqual([
      types.builtins.BYTEA,
      types.builtins.INT8,
      types.builtins.DATE,
      types.builtins.NUMERIC,
    ]);
  });
});
