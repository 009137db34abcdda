import { describe, expect, it } from "vitest";
import { tokensOf } from "./rows.ts";

describe("tokensOf", () => {
  it("counts all messages of a row, and of two answers the longer one", () => {
    const text = "x".repeat(40);
    expect(
      tokensOf({
        messages: [
          { role: "user", content: text },
          { role: "assistant", content: text },
        ],
      }),
    ).toBe(36);
    expect(tokensOf({ prompt: text, chosen: text, rejected: text + text })).toBe(18 + 28);
    const prompt = [
      { role: "system", content: text },
      { role: "user", content: text },
    ];
    expect(tokensOf({ prompt, completion: text, label: true })).toBe(54);
    expect(tokensOf({ prompt })).toBe(36);
  });
});
