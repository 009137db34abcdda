import type { TenantContext } from "../../context.ts";
import {
  addChanges,
  type ClosedUnit,
  closeUnits,
  countClosed,
  foldUnits,
  inTestOrder,
  selectOrderStatistic,
  type SumsChange,
} from "../../evaluation/exposures/index.ts";
import {
  type GuardrailState,
  type GuardrailTests,
  hear,
  observeUnits,
  percentileRank,
  type RiseState,
  startSilence,
  type UnitObservation,
  type WatchedGuardrail,
} from "../guardrails/index.ts";

/** Units that one look takes in, of each arm and metric: what bounds the transaction. */
const BATCH = 5_000;
const MAXIMUM_FOLDS = 20;

function heardOf(
  changes: readonly SumsChange[],
  metric: string,
  arm: string,
): { units: number; lastAt: Date } | undefined {
  const found = changes.filter((change) => change.metric === metric && change.arm === arm);
  const units = found.reduce((total, change) => total + change.units, 0);
  const lastAt = new Date(Math.max(0, ...found.map((change) => change.lastAt.getTime())));
  return units === 0 ? undefined : { units, lastAt };
}

interface Gathering {
  tests: GuardrailTests;
  before: GuardrailState;
  graceMinutes: number;
}

async function foldSums(
  ctx: TenantContext,
  rolloutId: string,
  { tests, before, graceMinutes }: Gathering,
): Promise<{ state: GuardrailState; complete: boolean }> {
  const changes: SumsChange[] = [];
  let complete = false;
  for (let fold = 0; fold < MAXIMUM_FOLDS && !complete; fold += 1) {
    const folded = await foldUnits(ctx, rolloutId, BATCH);
    changes.push(...folded.changes);
    complete = folded.taken < BATCH;
  }
  const silence = { ...before.silence };
  for (const { name, metric } of tests.watched) {
    const heard = {
      candidate: heardOf(changes, metric, "candidate"),
      control: heardOf(changes, metric, "control"),
    };
    silence[name] = hear(silence[name] ?? startSilence(), heard, graceMinutes);
  }
  return { state: { ...before, sums: addChanges(before.sums, changes), silence }, complete };
}

/**
 * Takes in what came since the last look: the sums of every unit that changed, and the first outcomes of units that the
 * sequential tests have not seen, each once.
 * @returns the state after it, and whether that was all there is
 */
export async function gatherEvidence(
  ctx: TenantContext,
  rolloutId: string,
  gathering: Gathering,
): Promise<{ state: GuardrailState; complete: boolean }> {
  const { tests } = gathering;
  const folded = await foldSums(ctx, rolloutId, gathering);
  let { state, complete } = folded;
  const take = async (metric: string, ...arms: readonly UnitObservation["arm"][]): Promise<number> => {
    const taken: (UnitObservation & Pick<ClosedUnit, "unitId" | "firstAt">)[] = [];
    for (const arm of arms) {
      const units = await closeUnits(ctx, rolloutId, { metric, arm, limit: BATCH });
      if (units.length === BATCH) complete = false;
      taken.push(...units.map((unit) => ({ ...unit, metric, arm })));
    }
    state = observeUnits(tests, state, inTestOrder(taken));
    return taken.length;
  };
  for (const guardrail of tests.watched) {
    const { name, metric, kind } = guardrail;
    if (kind !== "rise") {
      await take(metric, "candidate", "control");
      continue;
    }
    // Both arms meet the same limit, the one of the look before. Until there is one the candidate's units wait; those that waited
    // enter beside too few of the control to be compared with them.
    const limited = riseOf(state, name).seen.limit !== null;
    // Counted as they enter: counting them all at each look would cost more the longer a rollout lasts.
    const before =
      riseOf(state, name).entered ?? (await countClosed(ctx, rolloutId, { metric, arm: "control" }));
    const entered = before + (await take(metric, "control"));
    state = withRise(state, name, { ...riseOf(state, name), entered });
    if (limited) {
      await take(metric, "candidate");
      if (complete) state = withRise(state, name, { ...riseOf(state, name), paired: true });
    }
    state = await refreshLimit(ctx, rolloutId, guardrail, tests, state);
  }
  return { state, complete };
}

function riseOf(state: GuardrailState, name: string): RiseState {
  return state.rises[name] as RiseState;
}

function withRise(state: GuardrailState, name: string, rise: RiseState): GuardrailState {
  return { ...state, rises: { ...state.rises, [name]: rise } };
}

async function refreshLimit(
  ctx: TenantContext,
  rolloutId: string,
  { name, metric }: WatchedGuardrail,
  tests: GuardrailTests,
  state: GuardrailState,
): Promise<GuardrailState> {
  const controls = { metric, arm: "control" };
  const count = riseOf(state, name).entered ?? 0;
  const due = tests.rises[name]?.seen.dueRefresh(riseOf(state, name).seen, count);
  if (due === undefined) return state;
  const upper = await selectOrderStatistic(ctx, rolloutId, { ...controls, rank: due.rank });
  const reference = await selectOrderStatistic(ctx, rolloutId, { ...controls, rank: percentileRank(count) });
  if (upper === undefined || reference === undefined) return state;
  const next = structuredClone(riseOf(state, name));
  tests.rises[name]?.seen.refreshLimit(next.seen, due, upper);
  return withRise(state, name, { ...next, reference });
}
