import { createRandom } from "@agent-learning/learning";
import { describe, expect, it } from "vitest";
import { reactTo, USER_BEHAVIOUR } from "./simulated-user.ts";

const labels = ["a", "b", "c", "d"];

function many(answer: string, label: string, n = 40_000) {
  const random = createRandom(7);
  return Array.from({ length: n }, () => reactTo(answer, label, labels, random));
}

function share<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.filter(test).length / items.length;
}

describe("reactTo", () => {
  it("votes as often as stated", () => {
    expect(share(many("a", "a"), (reaction) => reaction !== undefined)).toBeCloseTo(USER_BEHAVIOUR.votes, 1);
  });

  it("votes by the label, with the stated noise", () => {
    const votes = many("a", "a").filter((reaction) => reaction !== undefined);
    expect(share(votes, ({ vote }) => vote === "thumbs_down")).toBeCloseTo(USER_BEHAVIOUR.wrongVotes, 1);
    expect(votes.every(({ correction }) => correction === undefined)).toBe(true);
  });

  it("corrects wrong answers with the label, and seldom with a third one", () => {
    const corrections = many("a", "b").flatMap((reaction) => reaction?.correction ?? []);
    expect(share(corrections, (text) => text !== "b")).toBeCloseTo(USER_BEHAVIOUR.wrongCorrections, 1);
    expect(corrections).not.toContain("a");
  });

  it("is the same for the same seed", () => {
    expect(many("a", "b", 50)).toEqual(many("a", "b", 50));
  });
});
