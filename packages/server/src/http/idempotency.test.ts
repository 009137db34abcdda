import { describe, expect, it } from "vitest";
import { hashRequest, keyInFlight, keyReused, readIdempotencyKey } from "./idempotency.ts";

describe("readIdempotencyKey", () => {
  it.each(["a", "0190a000-0000-7000-8000-000000000000", "~".repeat(255), "!#$%"])("takes %s", (key) => {
    expect(readIdempotencyKey(key)).toBe(key);
  });

  it("is undefined without the header", () => {
    expect(readIdempotencyKey(undefined)).toBeUndefined();
  });

  it.each([
    ["empty", ""],
    ["too long", "a".repeat(256)],
    ["white space", "a b"],
    ["a line break", "a\nb"],
    ["not ASCII", "schlüssel"],
    ["sent twice", ["a", "b"]],
  ])("refuses one that is %s", (_name, header) => {
    expect(() => readIdempotencyKey(header)).toThrow(
      expect.objectContaining({
        status: 400,
        errors: [expect.objectContaining({ path: "header.idempotency-key" })],
      }),
    );
  });
});

describe("hashRequest", () => {
  const base = hashRequest("createAgent", undefined, undefined, { slug: "a" });

  it("is equal for the same call, however absent parts are written", () => {
    expect(hashRequest("createAgent", null, undefined, { slug: "a" })).toEqual(base);
    expect(base).toHaveLength(32);
  });

  it.each([
    ["operation", hashRequest("updateAgent", undefined, undefined, { slug: "a" })],
    ["path", hashRequest("createAgent", { agentId: "x" }, undefined, { slug: "a" })],
    ["query", hashRequest("createAgent", undefined, { limit: 1 }, { slug: "a" })],
    ["body", hashRequest("createAgent", undefined, undefined, { slug: "b" })],
    ["part that a value is in", hashRequest("createAgent", undefined, { slug: "a" }, undefined)],
  ])("differs with the %s", (_name, other) => {
    expect(other.equals(base)).toBe(false);
  });
});

describe("refusals", () => {
  it("are 409 with a time to wait, and 422", () => {
    expect(keyInFlight()).toMatchObject({ status: 409, type: "in-flight", retryAfterSeconds: 1 });
    expect(keyReused()).toMatchObject({ status: 422, errors: [{ path: "header.idempotency-key" }] });
  });
});
