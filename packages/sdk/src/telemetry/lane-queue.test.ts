import { describe, expect, it } from "vitest";
import { createItem, type Item } from "./item.ts";
import { createLaneQueue } from "./lane-queue.ts";

const item = (key: string, length = 2): Item => createItem(key, "executions", "x".repeat(length), 0);
const keys = (items: readonly Item[]): string => items.map(({ key }) => key).join("");

describe("a lane's queue", () => {
  it("gives items in order, up to the maximum, and takes them back in front", () => {
    const queue = createLaneQueue();
    for (const key of "abcde") queue.push(item(key));
    const first = queue.take(2);
    expect([keys(first), queue.length]).toEqual(["ab", 3]);
    queue.putBack(first);
    expect([queue.length, keys(queue.take(4)), keys(queue.take(4)), keys(queue.take(4))]).toEqual([
      5,
      "abcd",
      "e",
      "",
    ]);
  });

  it("ends a request before it gets too long, but always gives one", () => {
    const queue = createLaneQueue();
    for (const [key, length] of [
      ["a", 500_000],
      ["b", 200_000],
      ["c", 100_000],
      ["d", 1],
    ] as const) {
      queue.push(item(key, length));
    }
    expect([keys(queue.take(9)), keys(queue.take(9)), keys(queue.take(9))]).toEqual(["a", "bc", "d"]);
  });

  it("keeps its order over many takings", () => {
    const queue = createLaneQueue();
    const out: string[] = [];
    for (let i = 0; i < 10_000; i += 1) {
      queue.push(item(String(i)));
      if (i % 3 === 2) out.push(...queue.take(2).map(({ key }) => key));
    }
    while (queue.length > 0) out.push(...queue.take(500).map(({ key }) => key));
    expect(out).toEqual(Array.from({ length: 10_000 }, (_, i) => String(i)));
  });
});
