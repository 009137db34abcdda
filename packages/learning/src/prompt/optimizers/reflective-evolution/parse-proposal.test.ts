import { describe, expect, test } from "vitest";
import { parseProposal } from "./parse-proposal.ts";

describe("parseProposal", () => {
  test.each([
    [
      "between the tags",
      "Sure!\n<instruction>\nName the intent.\n</instruction> Hope it helps.",
      "Name the intent.",
    ],
    ["in tags and a fence", "<instruction>```text\nName it.\n```</instruction>", "Name it."],
    ["in a JSON member", '{"instruction": "Name it."}', "Name it."],
    ["in fenced JSON", '```json\n{"system_prompt": "Name it."}\n```', "Name it."],
    ["in a fence", "Here you are:\n```\nName it.\nBe brief.\n```", "Name it.\nBe brief."],
  ])("finds it %s", (_name, answer, expected) => {
    expect(parseProposal(answer)).toBe(expected);
  });

  test.each([
    ["nothing", ""],
    ["chatter", "I would make it shorter."],
    ["empty tags", "<instruction>  </instruction>"],
    ["JSON without it", '{"answer": 42}'],
    ["an unclosed tag", "<instruction>Name the"],
    ["a lone surrogate", "<instruction>\ud800</instruction>"],
  ])("gives nothing for %s", (_name, answer) => {
    expect(parseProposal(answer)).toBeUndefined();
  });
});
