import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commonPrefix } from "./common-prefix.ts";
import { type KeptState, planReuse, WORTH_COPYING } from "./plan-reuse.ts";

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);
const prefix = range(1000, 1400);
const idle = (tokens: number[], lastUsed: number): KeptState => ({ tokens, busy: false, lastUsed });
const busy = (tokens: number[], lastUsed: number): KeptState => ({ tokens, busy: true, lastUsed });

describe("commonPrefix", () => {
  it.each([
    [[], [1], 0],
    [[1, 2], [1, 2], 2],
    [[1, 2, 3], [1, 2], 2],
    [[1, 9, 3], [1, 2, 3], 1],
  ])("of %j and %j is %i", (one, other, shared) => {
    expect(commonPrefix(one, other)).toBe(shared);
    expect(commonPrefix(other, one)).toBe(shared);
  });
});

describe("planReuse", () => {
  it("takes the emptiest where nobody has anything of use, then the least recently used", () => {
    expect(planReuse([idle([7], 1), idle([], 3), idle([], 2), busy([], 0)], prefix, true)).toEqual({
      use: 2,
    });
    const others = [idle(range(0, 100), 2), idle(range(0, 90), 1), busy([8], 0)];
    expect(planReuse(others, prefix, true)).toEqual({ use: 1 });
  });

  it("has no plan when all are busy", () => {
    expect(planReuse([busy(prefix, 1), busy([], 2)], prefix, true)).toBeUndefined();
    expect(planReuse([], prefix, true)).toBeUndefined();
  });

  it("goes on in the one that has the prefix when only its last question is lost", () => {
    const states = [idle([], 0), idle([...prefix, 1, 2, 3], 5)];
    expect(planReuse(states, [...prefix, 4, 5], true)).toEqual({ use: 1 });
  });

  it("copies what a busy one has or is evaluating", () => {
    const states = [idle([], 0), busy([...prefix, 1], 9), idle([5], 3)];
    expect(planReuse(states, [...prefix, 2], true)).toEqual({ use: 0, copyFrom: 1 });
  });

  it("keeps a long state that others need, and works on a copy of its beginning", () => {
    const variant = [...prefix.slice(0, 200), ...prefix.slice(210)];
    const states = [idle([...prefix, 1], 9), idle([5], 1)];
    expect(planReuse(states, variant, true)).toEqual({ use: 1, copyFrom: 0 });
  });

  it("waits for nobody where an idle one has the same", () => {
    const long = [...prefix, ...range(0, 100)];
    const states = [busy(long, 9), idle(long, 8), idle([], 1)];
    expect(planReuse(states, [...prefix, 7], true)).toEqual({ use: 2, copyFrom: 1 });
  });

  it("copies nothing for a few tokens", () => {
    const short = prefix.slice(0, WORTH_COPYING - 1);
    expect(planReuse([idle([], 0), busy(short, 1)], prefix, true)).toEqual({ use: 0 });
  });

  it("without copies takes the idle one with the longest prefix", () => {
    const states = [idle([], 0), idle([...prefix, ...range(0, 100)], 5), busy(prefix, 6)];
    expect(planReuse(states, [...prefix, 7], false)).toEqual({ use: 1 });
    expect(planReuse([idle([], 4), idle([9], 3), busy(prefix, 1)], prefix, false)).toEqual({ use: 1 });
  });

  it("always uses an idle one, copies only from another, and never loses more than it must", () => {
    const state = fc.record({
      tokens: fc.array(fc.constantFrom(1, 2), { maxLength: 150 }),
      busy: fc.boolean(),
      lastUsed: fc.nat(100),
    });
    const prompts = fc.array(fc.constantFrom(1, 2), { minLength: 1, maxLength: 150 });
    fc.assert(
      fc.property(fc.array(state, { maxLength: 6 }), prompts, fc.boolean(), (states, prompt, canCopy) => {
        const plan = planReuse(states, prompt, canCopy);
        const anyIdle = states.some((entry) => !entry.busy);
        expect(plan !== undefined).toBe(anyIdle);
        if (plan === undefined) return;
        expect(states[plan.use]?.busy).toBe(false);
        expect(plan.copyFrom).not.toBe(plan.use);
        expect(plan.copyFrom !== undefined && !canCopy).toBe(false);
        const shared = (index: number): number => commonPrefix(states[index]?.tokens ?? [], prompt);
        const best = Math.max(...states.map((_, index) => shared(index)));
        const start = Math.max(shared(plan.use), plan.copyFrom === undefined ? 0 : shared(plan.copyFrom));
        expect(canCopy && best - start >= WORTH_COPYING).toBe(false);
      }),
    );
  });
});
