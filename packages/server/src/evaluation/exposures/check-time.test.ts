import { expect, it } from "vitest";
import { refuseImpossibleTime } from "./check-time.ts";

const now = new Date("2026-03-01T12:00:00Z");
const bounds = {
  now,
  notBefore: new Date("2026-03-01T11:00:00Z"),
  whatComesFirst: "the start",
  advice: "Wait.",
};
const refuse =
  (occurredAt: string | undefined, change: object = {}) =>
  () =>
    refuseImpossibleTime("body.at", occurredAt, { ...bounds, ...change });

it.each<[string, string | undefined]>([
  ["no time", undefined],
  ["a time between", "2026-03-01T11:30:00Z"],
  ["the same in another zone", "2026-03-01T13:30:00+02:00"],
  ["a clock that is four minutes ahead", "2026-03-01T12:04:00Z"],
  ["a clock that is four minutes behind", "2026-03-01T10:56:00Z"],
])("takes %s", (_name, occurredAt) => {
  expect(refuse(occurredAt)).not.toThrow();
});

it("refuses the future, and what comes before what must come first, with both times", () => {
  expect(refuse("2026-03-01T12:06:00Z")).toThrow("it is 2026-03-01T12:00:00.000Z here");
  expect(refuse("2026-03-01T10:54:00Z")).toThrow("lies before the start at 2026-03-01T11:00:00.000Z. Wait.");
  expect(refuse("2020-03-01T10:54:00Z", { notBefore: null })).not.toThrow();
});
