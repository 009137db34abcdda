import { expect, it } from "vitest";
import { readIfNoneMatch } from "./if-none-match.ts";

it.each<[string | string[] | undefined, number[]]>([
  [undefined, []],
  ["", []],
  ['"7"', [7]],
  ['W/"7"', [7]],
  [' "7" , W/"8"', [7, 8]],
  [
    ['"7"', '"9"'],
    [7, 9],
  ],
  ["7", []],
  ["*", []],
  ['"seven", "7"', [7]],
  ['"99999999999999999999"', []],
])("reads %j as %j", (header, revisions) => {
  expect(readIfNoneMatch(header)).toEqual(revisions);
});
