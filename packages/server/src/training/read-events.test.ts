import { expect, it } from "vitest";
import { readEvents } from "./read-events.ts";

const TEXT =
  ': hello\n\nid: 1\nevent: metrics\ndata: {"loss":\ndata: 1}\n\nid: 2\r\nevent: end\r\ndata: é\r\n\r\nid: 3\ndata: cut';

it.each([1, 2, 7, 1_000])("reads a stream that comes in pieces of %i bytes", async (size) => {
  const bytes = new TextEncoder().encode(TEXT);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  }
  expect(await Array.fromAsync(readEvents(pieces()))).toEqual([
    { id: "1", event: "metrics", data: '{"loss":\n1}' },
    { id: "2", event: "end", data: "é" },
  ]);
});
