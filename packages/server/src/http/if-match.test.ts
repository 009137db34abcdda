import { describe, expect, it } from "vitest";
import { assertVersion, entityTag, requireIfMatch } from "./if-match.ts";

describe("requireIfMatch", () => {
  it("reads the tag that entityTag writes, weak ones too", () => {
    expect(requireIfMatch(entityTag(7))).toBe(7);
    expect(requireIfMatch('W/"12"')).toBe(12);
  });

  it("is 428 without the header", () => {
    expect(() => requireIfMatch(undefined)).toThrow(
      expect.objectContaining({ status: 428, errors: [{ path: "header.if-match", message: "is required" }] }),
    );
  });

  it.each(["*", "7", '"seven"', '"-1"', '"1", "2"', '"12345678901"', "", ["1", "2"]])(
    "is 400 for %j, which is no tag of ours",
    (header) => {
      expect(() => requireIfMatch(header)).toThrow(expect.objectContaining({ status: 400 }));
    },
  );
});

describe("assertVersion", () => {
  it("is 412 when the row has moved on, and says both versions", () => {
    expect(() => assertVersion(3, 3)).not.toThrow();
    expect(() => assertVersion(3, 4)).toThrow(expect.objectContaining({ status: 412 }));
    expect(() => assertVersion(3, 4)).toThrow(/version 4, you read 3/);
  });
});
