import { expect, it } from "vitest";
import { cutDocument, documentHash } from "./cut-document.ts";

const settings = { size: 6, overlap: 0 };
const document = (body: string, title = "Visas") => ({ external_id: "doc", title, body });

it("names chunks by their words, so that a change elsewhere leaves them their names", () => {
  const before = cutDocument(document("The first rule is short. The second rule is longer."), settings);
  const after = cutDocument(document("A new rule stands first now. The second rule is longer."), settings);
  expect(before).toHaveLength(2);
  expect(after[1]?.chunk_key).toBe(before[1]?.chunk_key);
  expect(after[0]?.chunk_key).not.toBe(before[0]?.chunk_key);
  expect(before[0]?.chunk_key).toMatch(/^doc#[0-9a-f]{16}$/);
});

it("counts terms with the title's, and keeps chunks of the same words apart", () => {
  const [one, two] = cutDocument(document("Pay the fee today please. Pay the fee today please."), {
    size: 5,
    overlap: 0,
  });
  expect(one?.terms).toEqual({ visa: 1, pai: 1, fee: 1, todai: 1, pleas: 1 });
  expect(one?.term_count).toBe(5);
  expect(two?.chunk_key).toBe(`${one?.chunk_key}-2`);
  expect([two?.position, two?.body]).toEqual([1, "Pay the fee today please."]);
});

it("words that are names of every object's own properties are words like others", () => {
  const [one] = cutDocument(document("constructor __proto__ toString", ""), settings);
  expect(one?.term_count).toBe(3);
  expect(Object.keys(one?.terms ?? {})).toHaveLength(3);
  expect(documentHash("a", "b")).not.toBe(documentHash("ab", ""));
});
