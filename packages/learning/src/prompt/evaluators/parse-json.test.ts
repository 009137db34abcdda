import fc from "fast-check";
import { expect, test } from "vitest";
import { parseLooseJson } from "./parse-json.ts";

test.each([
  ['{"a": 1}', { a: 1 }],
  ['```json\n{"a": 1}\n```', { a: 1 }],
  ['Here it is: {"a": {"b": 2}}. Fine?', { a: { b: 2 } }],
  ["The list is [1, 2].", [1, 2]],
  ["null", null],
  ["nothing at all", undefined],
  ["{broken", undefined],
  ["", undefined],
])("%j", (text, expected) => {
  expect(parseLooseJson(text)).toEqual(expected);
});

test("reads back any object, also in a fence", () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 2 }), (value) => {
      const text = JSON.stringify(value);
      expect(JSON.stringify(parseLooseJson(text))).toBe(text);
      fc.pre(!text.includes("```"));
      expect(JSON.stringify(parseLooseJson(`Sure.\n\`\`\`json\n${text}\n\`\`\``))).toBe(text);
    }),
  );
});
