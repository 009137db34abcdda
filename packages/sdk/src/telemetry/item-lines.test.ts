import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createItem, type Item } from "./item.ts";
import { decodeItems, encodeItem } from "./item-lines.ts";

const none: ReadonlySet<string> = new Set();
const item = (key: string, body: object = { input_text: "x" }): Item =>
  createItem(key, "executions", JSON.stringify(body), 5);

describe("item lines", () => {
  it("bring back what was written, whatever the text", () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }))), (bodies) => {
        const items = bodies.map((body, i) => item(`k${i}`, body));
        const { items: back, corrupt } = decodeItems(items.map(encodeItem).join(""), none);
        expect(corrupt).toBe(0);
        expect(back.map(({ body }) => JSON.parse(body) as unknown)).toEqual(
          items.map(({ body }) => JSON.parse(body) as unknown),
        );
      }),
      { seed: 11, numRuns: 50 },
    );
  });

  it("lose only the last line when the file ends anywhere in it", () => {
    const text = [item("a"), item("b"), item("c", { input_text: "müller 😀" })].map(encodeItem).join("");
    const bytes = Buffer.from(text);
    const whole = Buffer.from([item("a"), item("b")].map(encodeItem).join("")).length;
    for (let end = whole; end < bytes.length - 1; end += 1) {
      const { items } = decodeItems(bytes.subarray(0, end).toString(), none);
      expect(items.map(({ key }) => key)).toEqual(["a", "b"]);
    }
    expect(decodeItems(bytes.subarray(0, -1).toString(), none).items).toHaveLength(3);
  });

  it("are skipped and counted when they are garbage", () => {
    const garbage = [
      "\u0000\u0000\u0000",
      "{}",
      "[]",
      '{"key":"x","lane":"constructor","at":1,"body":{}}',
      '{"key":"x","lane":"executions","at":"1","body":{}}',
      '{"key":"x","lane":"executions","at":1,"body":7}',
    ];
    const text = `${encodeItem(item("a"))}${garbage.join("\n")}\n${encodeItem(item("b"))}`;
    const { items, corrupt } = decodeItems(text, none);
    expect([items.map(({ key }) => key), corrupt]).toEqual([["a", "b"], 6]);
  });

  it("are left out when done, and taken once when written twice", () => {
    const text = [item("a"), item("b"), item("a"), item("c")].map(encodeItem).join("");
    expect(decodeItems(text, new Set(["b"])).items.map(({ key }) => key)).toEqual(["a", "c"]);
  });
});
