import { expect, test } from "vitest";
import { estimatePromptTokens, estimateTokens } from "./estimate-tokens.ts";

test("a quarter of the UTF-8 bytes, rounded up", () => {
  expect(estimateTokens("")).toBe(0);
  expect(estimateTokens("abcde")).toBe(2);
  expect(estimateTokens("日本語")).toBe(3);
});

test("a prompt adds the template's tokens for each message", () => {
  expect(
    estimatePromptTokens([
      { role: "system", content: "abcd" },
      { role: "user", content: "abcdefgh" },
    ]),
  ).toBe(1 + 2 + 2 * 4);
});
