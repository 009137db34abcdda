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
  looks.reduce((silence, look) => hear(silence, heard(...look)), startSilence());

describe("isCandidateSilent", () => {
  it.each<[string, Silence, number, boolean]>([
    ["nobody has spoken yet", startSilence(), 1000, false],
    ["both speak", after([5, 5, 0], [5, 5, 60]), 60, false],
    ["both are silent, however long", after([5, 5, 0]), 100_000, false],
    ["the control alone speaks, within the grace period", after([5, 5, 0], [0, 50, 10]), 69, false],
    ["the control alone speaks, past it", after([5, 5, 0], [0, 50, 10]), 70, true],
    ["the control alone speaks, but too few units to tell", after([5, 5, 0], [0, 19, 10]), 500, false],
    ["units of several looks add up", after([5, 5, 0], [0, 10, 10], [0, 10, 20]), 70, true],
    ["the candidate has never spoken", after([0, 30, 10]), 70, true],
    ["the candidate spoke again", after([0, 30, 10], [1, 0, 60]), 500, false],
    ["both were away, then the control came back a moment ago", after([5, 5, 0], [0, 50, 1440]), 1445, false],
  ])("%s", (_name, silence, minutes, silent) => {
    expect(isCandidateSilent(silence, at(minutes), 60)).toBe(silent);
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
  const silence = forgetSilence(after([5, 5, 0], [0, 50, 10]));
  expect(isCandidateSilent(silence, at(100_000), 60)).toBe(false);
  expect(silence).toMatchObject({ candidateAt: at(0).toISOString(), controlAt: at(10).toISOString() });
});

it("survives JSON", () => {
  const silence = after([5, 5, 0], [0, 50, 10]);
  expect(JSON.parse(JSON.stringify(silence))).toEqual(silence);
});
