import { InvalidArgument, requireUnit } from "../invalid-argument.ts";
import { boundedMeanTest, type BoundedMeanState } from "./bounded-mean.ts";

export interface SatisfactionOptions {
  /** The share of the control's mean that may be lost, in [0, 1): 0.1 tests "canary below 90 % of control". */
  readonly allowedDrop: number;
  readonly alpha: number;
}

/** Plain data: keep it as JSON between observations. */
export interface SatisfactionState {
  canaryUnits: number;
  canarySum: number;
  controlUnits: number;
  controlSum: number;
  /** Values of one side that wait for a partner, the latest last. */
  waiting: number[];
  waitingSide: "canary" | "control" | null;
  pairs: BoundedMeanState;
}

export interface SatisfactionTest {
  start(): SatisfactionState;
  /** Changes `state`; `value` is the unit's mean satisfaction in [0, 1]. Returns whether the drop was found, now or before. */
  observe(state: SatisfactionState, side: "canary" | "control", value: number): boolean;
  lnEvidence(state: SatisfactionState): number;
}

/** Of the values that wait, the oldest go beyond this number: a side that is this far ahead has data to spare. */
const WAITING_LIMIT = 512;

/**
 * Betting test of "canary satisfaction below (1 - d) times the concurrent control's". A canary unit and a control unit make the
 * pair z = x_T - (1 - d) x_C in [-(1 - d), 1], rescaled to [0, 1], whose mean under "no such drop" is at least the rescaled 0. A
 * unit is paired with the most recent waiting one, whatever their values, so that a drift of the base rate touches both alike.
 */
export function satisfactionTest(options: SatisfactionOptions): SatisfactionTest {
  const kept = 1 - options.allowedDrop;
  if (!(kept > 0 && kept <= 1)) {
    throw new InvalidArgument("allowedDrop", "at least 0 and below 1", options.allowedDrop);
  }
  const pairTest = boundedMeanTest({ limit: kept / (1 + kept), breach: "below", alpha: options.alpha });
  return {
    start: () => ({
      canaryUnits: 0,
      canarySum: 0,
      controlUnits: 0,
      controlSum: 0,
      waiting: [],
      waitingSide: null,
      pairs: pairTest.start(),
    }),
    observe(state, side, value) {
      requireUnit("value", value);
      count(state, side, value);
      if (state.waiting.length === 0 || state.waitingSide === side) {
        wait(state, side, value);
        return state.pairs.breachedAt !== null;
      }
      const partner = state.waiting.pop() as number;
      const z = side === "canary" ? value - kept * partner : partner - kept * value;
      // Rounding may put the extreme pairs a hair outside [0, 1].
      return pairTest.observe(state.pairs, Math.min(1, Math.max(0, (z + kept) / (1 + kept))));
    },
    lnEvidence: (state) => pairTest.lnEvidence(state.pairs),
  };
}

function count(state: SatisfactionState, side: "canary" | "control", value: number): void {
  if (side === "canary") {
    state.canaryUnits++;
    state.canarySum += value;
  } else {
    state.controlUnits++;
    state.controlSum += value;
  }
}

function wait(state: SatisfactionState, side: "canary" | "control", value: number): void {
  state.waitingSide = side;
  state.waiting.push(value);
  if (state.waiting.length > WAITING_LIMIT) state.waiting.splice(0, WAITING_LIMIT / 2);
}
