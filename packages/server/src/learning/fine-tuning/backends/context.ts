import { agentVersionConfig, type JsonValue } from "@agent-learning/contract";
import { findAgent } from "../../../administration/agents/index.ts";
import type { Context } from "../../../context.ts";
import { learnFromRuns, readTraces } from "../../behavior/learn-from-runs.ts";
import { nextCandidate } from "../../behavior/next-candidate.ts";
import { readStillApproved } from "../../behavior/store.ts";
import { readDatasetRows } from "../../prompt/read-rows.ts";
import { toCandidate, withCandidate } from "../../prompt/to-candidate.ts";
import { datasetOf, type TrainingBackend, type TrainingPlan } from "./backend.ts";

const DAYS = 90;

/** The base with the dataset's examples shown and the rules of what experts do otherwise. */
async function makeCandidate(ctx: Context, plan: TrainingPlan) {
  const { base, agentId } = plan;
  const rows = await readDatasetRows(ctx, datasetOf(plan));
  const { usable, traces } = await ctx.transact(async (tenant) => {
    const served = base.config.demonstrations.flatMap(({ example_id: id }) => id ?? []);
    const ids = [...rows.training.map(({ id }) => id), ...served];
    return {
      usable: await readStillApproved(tenant, agentId, ids),
      traces: (await readTraces(tenant, await findAgent(tenant, agentId, "agent_id"), DAYS)).traces,
    };
  });
  const { rules } = learnFromRuns(traces, String(plan.settings.seed));
  return nextCandidate({
    base: toCandidate(base.config),
    rules,
    shown: rows.training.filter(({ id }) => usable.has(id)),
    mayUse: (id) => usable.has(id),
  });
}

/** Trains no weights: the candidate is shown the verified examples, and follows the rules that hold. Done as soon as it is asked. */
export const contextBackend: TrainingBackend = {
  name: "context",
  canPause: false,
  missing: async () => [],
  estimateSeconds: async () => 1,
  reserve: (_plan, key) => ({ key }),
  submit: async (_ctx, _plan, handle) => handle,
  poll: async () => ({
    status: "finished",
    step: null,
    totalSteps: null,
    metrics: [],
    log: [],
    cursor: null,
  }),
  pause: async () => undefined,
  resume: async () => true,
  cancel: async () => undefined,
  artifacts: async (ctx, plan) => {
    const { candidate, diff } = await makeCandidate(ctx, plan);
    return {
      files: [],
      metrics: {},
      candidate: () =>
        diff === undefined ? undefined : agentVersionConfig.parse(withCandidate(plan.base.config, candidate)),
      summary: (diff ?? null) as unknown as JsonValue,
    };
  },
  forget: async () => undefined,
};
