import { expect, test } from "vitest";
import { checkPassageMarks, readPassageMarks } from "./passage-marks.ts";

test("a passage has a document and a place in it", () => {
  const passages = [{ document_id: "d", start: 3, end: 9, cut: true }];
  expect(checkPassageMarks({})).toEqual([]);
  expect(checkPassageMarks({ passages })).toEqual([]);
  expect(readPassageMarks(passages)).toEqual(passages);
  expect(readPassageMarks(undefined)).toBeUndefined();
});

test("names what is wrong", () => {
  const paths = (passages: unknown) =>
    checkPassageMarks({ passages: passages as never }).map(({ path }) => path);
  expect(paths("all of it")).toEqual(["metadata.passages"]);
  expect(paths([{ document_id: "d", start: 9, end: 3 }])).toEqual(["metadata.passages.0.end"]);
  expect(paths([{ document_id: "d", start: -1, end: 3 }])).toEqual(["metadata.passages.0.start"]);
  expect(paths([{ start: 1, end: 3 }])).toEqual(["metadata.passages.0.document_id"]);
  expect(paths(Array.from({ length: 51 }, () => ({ document_id: "d", start: 1, end: 3 })))).toEqual([
    "metadata.passages",
  ]);
});
