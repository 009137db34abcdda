import { describe, expect, it } from "vitest";
import {
  forgetSilence,
  hear,
  type Heard,
  isCandidateSilent,
  isFresh,
  type Silence,
  startSilence,
} from "./silence.ts";

const at = (minutes: number): Date => new Date(minutes * 60_000);
const heard = (candidate: number, control: number, minutes: number): Heard => ({
  candidate: candidate === 0 ? undefined : { units: candidate, lastAt: at(minutes) },
  control: control === 0 ? undefined : { units: control, lastAt: at(minutes) },
});
/** Looks in order: [candidate units, control units, minute]. */
const after = (...looks: [number, number, number][]): Silence =>
  looks.reduce((silence, look) => hear(silence, heard(...look), 60), startSilence());

/** The control alone, heard of every ten minutes. */
const alone = (from: number, to: number, units = 10): [number, number, number][] =>
  Array.from({ length: (to - from) / 10 + 1 }, (_, index) => [0, units, from + index * 10]);

describe("isCandidateSilent", () => {
  it.each<[string, Silence, boolean]>([
    ["nobody has spoken yet", startSilence(), false],
    ["both speak", after([5, 5, 0], [5, 5, 60]), false],
    ["both are silent, however long", after([5, 5, 0]), false],
    ["the control alone speaks, within the grace period", after([5, 5, 0], ...alone(10, 60)), false],
    ["the control alone speaks, past it", after([5, 5, 0], ...alone(10, 70)), true],
    ["the control alone speaks, but too few units to tell", after([5, 5, 0], ...alone(10, 190, 1)), false],
    ["units of many looks add up", after([5, 5, 0], ...alone(10, 210, 1)), true],
    ["the candidate has never spoken", after(...alone(10, 70)), true],
    ["the candidate spoke again", after(...alone(10, 70), [1, 0, 75]), false],
    ["the control spoke once and is silent as well", after([5, 5, 0], [0, 50, 10]), false],
    [
      "both were away, then the control came back a moment ago",
      after([5, 5, 0], [0, 50, 1440], [0, 50, 1441]),
      false,
    ],
    [
      "all were away while the control was alone, and it is back first",
      after([5, 5, 0], [0, 50, 10], [0, 50, 600]),
      false,
    ],
    ["it goes on after that", after([5, 5, 0], [0, 50, 10], [0, 50, 600], ...alone(610, 650)), true],
    [
      "a control that speaks every hour",
      after([5, 5, 0], [0, 9, 60], [0, 9, 120], [0, 9, 180], [0, 9, 240]),
      false,
    ],
    ["and once more", after([5, 5, 0], [0, 9, 60], [0, 9, 120], [0, 9, 180], [0, 9, 240], [0, 9, 300]), true],
    ["the clock runs backwards", after([5, 5, 600], [0, 50, 600], ...alone(10, 60)), false],
  ])("%s", (_name, silence, silent) => {
    expect(isCandidateSilent(silence, 60)).toBe(silent);
  });
});

describe("isFresh", () => {
  it.each<[string, Silence, number, boolean]>([
    ["never heard", startSilence(), 0, false],
    ["both within the window", after([1, 1, 0]), 60, true],
    ["one past it", after([1, 1, 0], [1, 0, 30]), 61, false],
    ["only the control", after([0, 1, 0]), 0, false],
  ])("%s", (_name, silence, minutes, fresh) => {
    expect(isFresh(silence, at(minutes), 60)).toBe(fresh);
  });
});

it("starts counting anew after a pause, and still knows when it heard of whom", () => {
  const silence = forgetSilence(after([5, 5, 0], ...alone(10, 70)));
  expect(isCandidateSilent(silence, 60)).toBe(false);
  expect(silence).toMatchObject({ candidateAt: at(0).toISOString(), controlAt: at(70).toISOString() });
});

it("survives JSON", () => {
  const silence = after([5, 5, 0], [0, 50, 10]);
  expect(JSON.parse(JSON.stringify(silence))).toEqual(silence);
});
