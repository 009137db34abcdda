import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { newId } from "../../../new-id.ts";
import { isSignedWith, readClaims, type TokenClaims, writeToken } from "./token-format.ts";

const claims: TokenClaims = {
  organizationId: newId(),
  agentId: newId(),
  executionId: "abc-123",
  raterId: "Zoë",
  expiresAt: 1_800_000_000_000,
  id: newId(),
};
const secret = randomBytes(32);
const token = writeToken(claims, secret);

describe("feedback token", () => {
  it("carries its claims", () => {
    expect(token).toMatch(/^als_ft_/);
    expect(readClaims(token)).toEqual(claims);
    expect(isSignedWith(token, secret)).toBe(true);
  });

  it("is refused under another secret", () => {
    expect(isSignedWith(token, randomBytes(32))).toBe(false);
  });

  it("is refused when its claims were changed", () => {
    const forged = writeToken({ ...claims, raterId: "someone else" }, randomBytes(32));
    const signature = token.slice(token.indexOf("."));
    expect(isSignedWith(forged.slice(0, forged.indexOf(".")) + signature, secret)).toBe(false);
  });

  it("is refused when a character of the signature was changed", () => {
    const at = token.indexOf(".") + 5;
    const other = token[at] === "A" ? "B" : "A";
    expect(isSignedWith(token.slice(0, at) + other + token.slice(at + 1), secret)).toBe(false);
  });

  it.each([
    "",
    "als_ft_",
    "als_ft_e30.short",
    `als_ft_${Buffer.from("[]").toString("base64url")}.${"A".repeat(43)}`,
    `als_ft_${Buffer.from('{"a":1}').toString("base64url")}.${"A".repeat(43)}`,
    `als_ft_!!!.${"A".repeat(43)}`,
  ])("reads nothing from %j", (text) => {
    expect(readClaims(text)).toBeUndefined();
  });
});
