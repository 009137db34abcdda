import { describe, expect, it } from "vitest";
import { displayPrefix, generateKey, hashKey, isWellFormedKey } from "./key-format.ts";

describe("keys", () => {
  it.each([
    ["user", "als_uk_"],
    ["secret", "als_sk_"],
    ["publishable", "als_pk_"],
  ] as const)("of a %s begin with %s and are never the same", (kind, prefix) => {
    const keys = Array.from({ length: 100 }, () => generateKey(kind));
    expect(new Set(keys).size).toBe(100);
    for (const key of keys) {
      expect(key.startsWith(prefix)).toBe(true);
      expect(isWellFormedKey(key)).toBe(true);
      // 32 random bytes: what is shown of a key leaves 226 bits of it unknown.
      expect(key.length - displayPrefix(key).length).toBeGreaterThan(38);
    }
  });

  it("tell a mistyped or cut one", () => {
    const key = generateKey("secret");
    const changed = key.at(20) === "A" ? "B" : "A";
    expect(isWellFormedKey(key.slice(0, 20) + changed + key.slice(21))).toBe(false);
    expect(isWellFormedKey(key.slice(0, -1))).toBe(false);
    expect(isWellFormedKey(`${key}0`)).toBe(false);
    expect(isWellFormedKey(key.replace("als_sk_", "als_xx_"))).toBe(false);
  });

  it("are stored as their SHA-256", () => {
    expect(hashKey("abc").toString("hex")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});
