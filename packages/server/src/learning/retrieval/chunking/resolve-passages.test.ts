import { expect, test } from "vitest";
import { resolvePassages } from "./resolve-passages.ts";

const texts = new Map([["d", "One rule. Another rule. A third."]]);
const asked = (passages: Parameters<typeof resolvePassages>[0][number]["passages"], actor = "a") => ({
  id: "f",
  actor,
  query: "q",
  passages,
});

test("finds passages where they were, or where their words are now", () => {
  const found = resolvePassages(
    [
      asked([{ document_id: "d", start: 0, end: 9 }]),
      asked([{ document_id: "d", start: 0, end: 13, quote: "Another rule.", cut: true }]),
    ],
    texts,
  );
  expect(found.questions.map(({ spans }) => spans)).toEqual([
    [{ document: "d", start: 0, end: 9 }],
    [{ document: "d", start: 10, end: 23 }],
  ]);
  expect(found).toMatchObject({ lost: 0, moved: 1, cut: 1, capped: 0 });
});

test("passages of deleted documents, beyond the end and of other words are counted, and nothing else is lost", () => {
  const found = resolvePassages(
    [
      asked([
        { document_id: "gone", start: 0, end: 9 },
        { document_id: "d", start: 0, end: 900 },
        { document_id: "d", start: 0, end: 4, quote: "Never" },
        { document_id: "d", start: 24, end: 32 },
      ]),
      asked([{ document_id: "gone", start: 0, end: 9 }]),
    ],
    texts,
  );
  expect(found.questions).toEqual([{ id: "f", query: "q", spans: [{ document: "d", start: 24, end: 32 }] }]);
  expect(found.lost).toBe(4);
});

test("nobody gives more than a tenth, though ten are always heard", () => {
  const one = asked([{ document_id: "d", start: 0, end: 9 }], "eager");
  expect(
    resolvePassages(
      Array.from({ length: 30 }, () => one),
      texts,
    ),
  ).toMatchObject({ capped: 20 });
});
