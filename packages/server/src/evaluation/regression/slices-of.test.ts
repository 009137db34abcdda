import { describe, expect, it } from "vitest";
import { slicesOf } from "./slices-of.ts";

const none = { labels: { domain: null, task_type: null, tags: [] }, intent: null };

describe("slicesOf", () => {
  it.each<[string, string[], Parameters<typeof slicesOf>[2], string[]]>([
    ["default", [], none, ["default"]],
    ["vat", ["vat", "hard"], none, ["vat", "hard"]],
    [
      "default",
      [],
      { labels: { domain: "tax", task_type: "question", tags: ["vat", "germany"] }, intent: "refund" },
      ["default", "domain:tax", "task_type:question", "tag:vat", "tag:germany", "intent:refund"],
    ],
    ["x".repeat(100), ["y".repeat(120)], none, ["x".repeat(100), "y".repeat(100)]],
  ])("%s with %j", (slice, given, source, names) => {
    expect(slicesOf(slice, given, source)).toEqual(names);
  });
});
