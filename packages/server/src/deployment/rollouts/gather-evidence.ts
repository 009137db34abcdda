import type { Guardrail } from "@agent-learning/contract";
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
  type UnitObservation,
} from "../guardrails/index.ts";

/** Units that one look takes in, of each arm and metric: what bounds the transaction. */
const BATCH = 5_000;
const MAXIMUM_FOLDS = 20;

const METRICS: Readonly<Record<Guardrail, UnitObservation["metric"]>> = {
  error_rate: "error_rate",
  satisfaction: "satisfaction",
  latency: "latency_ms",
};

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

async function foldSums(
  ctx: TenantContext,
  rolloutId: string,
  before: GuardrailState,
): Promise<{ state: GuardrailState; complete: boolean }> {
  const changes: SumsChange[] = [];
  let complete = false;
  for (let fold = 0; fold < MAXIMUM_FOLDS && !complete; fold += 1) {
    const folded = await foldUnits(ctx, rolloutId, BATCH);
    changes.push(...folded.changes);
    complete = folded.units < BATCH;
  }
  const silence = { ...before.silence };
  for (const [guardrail, metric] of Object.entries(METRICS) as [Guardrail, string][]) {
    silence[guardrail] = hear(silence[guardrail], {
      candidate: heardOf(changes, metric, "candidate"),
      control: heardOf(changes, metric, "control"),
    });
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
  tests: GuardrailTests,
  before: GuardrailState,
): Promise<{ state: GuardrailState; complete: boolean }> {
  const folded = await foldSums(ctx, rolloutId, before);
  let { state, complete } = folded;
  const take = async (
    metric: UnitObservation["metric"],
    ...arms: readonly UnitObservation["arm"][]
  ): Promise<void> => {
    const taken: (UnitObservation & Pick<ClosedUnit, "unitId" | "firstAt">)[] = [];
    for (const arm of arms) {
      const units = await closeUnits(ctx, rolloutId, { metric, arm, limit: BATCH });
      if (units.length === BATCH) complete = false;
      taken.push(...units.map((unit) => ({ ...unit, metric, arm })));
    }
    state = observeUnits(tests, state, inTestOrder(taken));
  };
  await take("error_rate", "candidate", "control");
  await take("satisfaction", "candidate", "control");
  // Both arms meet the same limit, the one of the look before. Until there is one the candidate's units wait; those that waited
  // enter beside too few of the control to be compared with them.
  const limited = state.latency.limit !== null;
  await take("latency_ms", "control");
  if (limited) {
    await take("latency_ms", "candidate");
    if (!state.latencyPaired && complete) state = { ...state, latencyPaired: true };
  }
  state = await refreshLatencyLimit(ctx, rolloutId, tests, state);
  return { state, complete };
}

async function refreshLatencyLimit(
  ctx: TenantContext,
  rolloutId: string,
  tests: GuardrailTests,
  state: GuardrailState,
): Promise<GuardrailState> {
  const controls = { metric: "latency_ms", arm: "control" };
  const count = await countClosed(ctx, rolloutId, controls);
  const due = tests.latency.dueRefresh(state.latency, count);
  if (due === undefined) return state;
  const latency = await selectOrderStatistic(ctx, rolloutId, { ...controls, rank: due.rank });
  const reference = await selectOrderStatistic(ctx, rolloutId, { ...controls, rank: percentileRank(count) });
  if (latency === undefined || reference === undefined) return state;
  const next = structuredClone(state);
  tests.latency.refreshLimit(next.latency, due, latency);
  next.latencyReference = reference;
  return next;
}
