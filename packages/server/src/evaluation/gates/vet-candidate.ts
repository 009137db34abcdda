import { agentPolicy } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { learningNow } from "../../database/index.ts";
import type { CandidateVetter } from "../../learning/candidate-observer.ts";
import { readActiveCases } from "../regression/index.ts";
import { assessContributors, withContributors } from "./assess-contributors.ts";
import { concludeRun } from "./conclude-run.ts";
import { executeGate } from "./execute-gate.ts";
import { insertRun } from "./store.ts";

/**
 * The gate for a candidate that a training run has just made, before anything is done with it: its verdict now, and its reports in
 * the transaction that makes it a version.
 */
export const vetCandidate: CandidateVetter = async (
  ctx,
  { agentId, trainingRunId, config, baseline, signal, onProgress },
) => {
  const { policy, cases, casesReadAt } = await ctx.transact(async (tenant) => ({
    policy: agentPolicy.parse((await findAgent(tenant, agentId, "agent_id")).policy),
    casesReadAt: await learningNow(tenant.tx),
    cases: await readActiveCases(tenant, agentId),
  }));
  if (policy.gate.required === "never") return undefined;
  const checks = ["regression", "safety"] as const;
  const settings = {
    policy: { regression: policy.regression, safety: policy.safety },
    awaitBaseline: false,
  };
  const { report } = await executeGate(ctx, {
    agentId,
    checks,
    settings,
    cases,
    candidate: config,
    baseline: baseline.config,
    signal,
    onProgress,
  });
  if (report === undefined) throw new Error("the gate waits for answers that nobody will give");
  const contributors = await assessContributors(ctx, trainingRunId);
  const { verdict, sentence } = withContributors(report, contributors);
  return {
    verdict,
    sentence,
    store: async (tenant, candidateVersionId) => {
      const run = await insertRun(tenant, {
        agentId,
        candidateVersionId,
        baselineVersionId: baseline.id,
        trainingRunId,
        status: "running",
        answeredBy: "server",
        checks,
        settings,
        pending: [],
        createdBy: null,
        casesReadAt,
      });
      await concludeRun(tenant, run, report, contributors);
    },
  };
};
