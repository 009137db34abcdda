import { expect, it } from "vitest";
import { whoMayDecide } from "./who-may-decide.ts";

const decide = (
  userId: string | null,
  launcher: string | null,
  contributors: string[],
  reviewers: string[],
) => whoMayDecide(userId, { launcher, contributors: new Set(contributors), reviewers });

it("lets a reviewer decide who has no part in it", () => {
  expect(decide("ana", "ben", ["cleo"], ["ana", "ben", "cleo"])).toEqual({ may: true, contributed: false });
});

it.each([
  [null, "ben", [], ["ana"], /a key of their own/],
  ["dora", null, [], ["ana"], /Only reviewers/],
  ["ana", "ana", [], ["ana", "ben"], /somebody other than the person who started/],
  ["ana", null, ["ana", "cleo"], ["ana", "ben"], /part of this candidate's evidence/],
  ["ana", null, ["ana"], ["ana"], /All of this candidate's evidence is yours/],
  // Who started it never decides, whoever else contributed.
  ["ana", "ana", ["ana", "ben"], ["ana", "ben"], /somebody other than the person who started/],
] as const)(
  "%s may not: started by %s, contributors %j, reviewers %j",
  (user, launcher, contributors, reviewers, why) => {
    const answer = decide(user, launcher, [...contributors], [...reviewers]);
    expect(answer).toMatchObject({ may: false, why: expect.stringMatching(why) as string });
  },
);

it("lets contributors decide where every reviewer has a part in it, and says so", () => {
  expect(decide("ana", "ben", ["ana", "cleo"], ["ana", "ben"])).toEqual({ may: true, contributed: true });
});
