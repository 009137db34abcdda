import { describe, expect, it } from "vitest";
import type { LlamaSequence, Token } from "./llama-module.ts";
import { SequencePool } from "./sequence-pool.ts";

const never = new AbortController().signal;
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);
const prefix = range(0, 300);

interface TestSequence extends LlamaSequence {
  state: Token[];
  copies: number;
}

/** A sequence whose state the test sets by hand. */
function createSequence(copy: "works" | "fails" | "absent" = "works"): TestSequence {
  const sequence: TestSequence = {
    state: [],
    copies: 0,
    get contextTokens() {
      return [...sequence.state];
    },
    get nextTokenIndex() {
      return sequence.state.length;
    },
    adaptStateToTokens: async () => undefined,
    clearHistory: async () => void (sequence.state = []),
    evaluateWithoutGeneratingNewTokens: async () => undefined,
    async *evaluate() {},
  };
  if (copy !== "absent") {
    sequence._copyStateFromOtherSequence = async (other, upTo) => {
      sequence.copies += 1;
      sequence.state = other.contextTokens.slice(0, upTo);
      return copy === "works";
    };
  }
  return sequence;
}

describe("SequencePool", () => {
  it("gives an idle sequence, and no more leases than it may", async () => {
    const pool = new SequencePool([createSequence(), createSequence(), createSequence()], 2);
    const [one, two] = await Promise.all([pool.lease([1], never), pool.lease([2], never)]);
    expect(one.kept).not.toBe(two.kept);
    let third = false;
    const waiting = pool.lease([3], never).then((lease) => {
      third = true;
      return lease;
    });
    await new Promise(setImmediate);
    expect(third).toBe(false);
    one.release();
    (await waiting).release();
    two.release();
  });

  it("serves who waits in turn", async () => {
    const pool = new SequencePool([createSequence()], 1);
    const order: number[] = [];
    const first = await pool.lease([0], never);
    const others = [1, 2, 3].map(async (n) => {
      const lease = await pool.lease([n], never);
      order.push(n);
      lease.release();
    });
    first.release();
    await Promise.all(others);
    expect(order).toEqual([1, 2, 3]);
  });

  it("has a prefix evaluated once by those who come together: the others wait and copy", async () => {
    const sequences = [createSequence(), createSequence(), createSequence()];
    const pool = new SequencePool(sequences, 3);
    const first = await pool.lease([...prefix, 900], never);
    const others = [901, 902].map((last) => pool.lease([...prefix, last], never));
    let ready = 0;
    for (const lease of others) void lease.then(() => (ready += 1));
    await new Promise(setImmediate);
    expect(ready).toBe(0);
    (first.kept.sequence as TestSequence).state = [...prefix, 900];
    first.markEvaluated();
    for (const lease of await Promise.all(others)) {
      expect((lease.kept.sequence as TestSequence).state).toEqual(prefix);
      lease.release();
    }
    first.release();
  });

  it("goes on from what is there when the one it waited for was cut short", async () => {
    const pool = new SequencePool([createSequence(), createSequence()], 2);
    const first = await pool.lease([...prefix, 900], never);
    const second = pool.lease([...prefix, 901], never);
    (first.kept.sequence as TestSequence).state = prefix.slice(0, 100);
    first.release();
    const { kept, release } = await second;
    expect(kept.sequence.contextTokens).toEqual(prefix.slice(0, 100));
    release();
  });

  it("starts afresh when a copy did not work", async () => {
    const sequences = [createSequence("fails"), createSequence("fails")];
    const pool = new SequencePool(sequences, 2);
    const first = await pool.lease([...prefix, 900], never);
    (first.kept.sequence as TestSequence).state = [...prefix, 900];
    first.markEvaluated();
    const second = await pool.lease([...prefix, 901], never);
    expect((second.kept.sequence as TestSequence).copies).toBe(1);
    expect(second.kept.sequence.contextTokens).toEqual([]);
  });

  it("works without copies", async () => {
    const pool = new SequencePool([createSequence("absent"), createSequence("absent")], 2);
    await pool.lease([...prefix, 900], never);
    const second = await pool.lease([...prefix, 901], never);
    expect(second.kept.tokens).toHaveLength(301);
  });

  it("comes back to the sequence that has the prefix", async () => {
    const pool = new SequencePool([createSequence(), createSequence()], 1);
    const first = await pool.lease([...prefix, 900], never);
    (first.kept.sequence as TestSequence).state = [...prefix, 900, 5, 6];
    first.release();
    const second = await pool.lease([...prefix, 901], never);
    expect(second.kept).toBe(first.kept);
  });

  it("lets a waiting one go when it is aborted, and the place goes to the next", async () => {
    const pool = new SequencePool([createSequence()], 1);
    const first = await pool.lease([0], never);
    const abort = new AbortController();
    const second = pool.lease([1], abort.signal);
    const third = pool.lease([2], never);
    abort.abort(new Error("cancelled"));
    await expect(second).rejects.toThrow("cancelled");
    first.release();
    (await third).release();
    await expect(pool.lease([3], abort.signal)).rejects.toThrow("cancelled");
    (await pool.lease([4], never)).release();
  });

  it("gives the sequence back when it is aborted while it waits for a prefix", async () => {
    const pool = new SequencePool([createSequence(), createSequence()], 2);
    const first = await pool.lease([...prefix, 900], never);
    const abort = new AbortController();
    const second = pool.lease([...prefix, 901], abort.signal);
    await new Promise(setImmediate);
    abort.abort(new Error("cancelled"));
    first.release();
    await expect(second).rejects.toThrow("cancelled");
    const leases = await Promise.all([pool.lease([1], never), pool.lease([2], never)]);
    expect(leases).toHaveLength(2);
  });
});
