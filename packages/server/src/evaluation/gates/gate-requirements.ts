import type { AgentPolicy, RolloutRequirement } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { ProblemError } from "../../http/index.ts";
import { countPinnedSince } from "../regression/index.ts";
import { isTrainedOnDataset, type ReportKind, selectNewestReport } from "./store.ts";

const HOW = "Run the gate: POST /api/learning/evaluation-runs, or agent-learning check.";

function notPassed(
  kind: ReportKind,
  report: { verdict: string; sentence: string | null },
): RolloutRequirement {
  const how = report.verdict === "inconclusive" ? "reached no conclusion" : "refused this version";
  if (kind === "contributors")
    return {
      name: "contributors_not_passed",
      sentence: `What this version was trained on misleads it. ${report.sentence ?? ""} Look at those items, leave them out and train anew, or allow it in the policy (training.max_contributor_harm) and run the gate again.`,
    };
  return {
    name: `${kind}_not_passed`,
    sentence: `The ${kind} gate ${how}: ${report.sentence ?? "see its report"}`,
  };
}

/**
 * The reports that a version lacks before it may meet traffic, by the agent's policy. No review waives them: a person who disagrees
 * retires the case, allows the value, or changes the policy.
 */
export async function gateRequirements(
  ctx: TenantContext,
  version: { agentId: string; versionId: string; policy: AgentPolicy },
): Promise<RolloutRequirement[]> {
  const { required } = version.policy.gate;
  if (required === "never") return [];
  const { agentId, versionId } = version;
  const regression = await selectNewestReport(ctx, versionId, "regression");
  const safety = await selectNewestReport(ctx, versionId, "safety");
  const wanted = required === "always" || (await countPinnedSince(ctx, agentId, undefined)) > 0;
  const requirements: RolloutRequirement[] = [];
  if (regression === undefined) {
    if (wanted)
      requirements.push({
        name: "regression_missing",
        sentence: `This version was not held to the agent's regression cases. ${HOW}`,
      });
  } else if (regression.verdict !== "passed") requirements.push(notPassed("regression", regression));
  else {
    const since = await countPinnedSince(ctx, agentId, regression.casesReadAt);
    if (since > 0)
      requirements.push({
        name: "regression_outdated",
        sentence: `${since} ${since === 1 ? "case was" : "cases were"} pinned after this version passed. ${HOW}`,
      });
  }
  if (safety === undefined) {
    if (wanted)
      requirements.push({ name: "safety_missing", sentence: `This version has no safety report. ${HOW}` });
  } else if (safety.verdict !== "passed") requirements.push(notPassed("safety", safety));
  const contributors = await selectNewestReport(ctx, versionId, "contributors");
  if (contributors === undefined) {
    if (wanted && (await isTrainedOnDataset(ctx, versionId)))
      requirements.push({
        name: "contributors_missing",
        sentence: `Nobody looked at what single contributors did to what this version was trained on. ${HOW}`,
      });
  } else if (contributors.verdict === "failed") requirements.push(notPassed("contributors", contributors));
  return requirements;
}

/** @throws ProblemError unprocessable naming each report of the gate that is missing */
export async function refuseUnlessGatePassed(
  ctx: TenantContext,
  version: { agentId: string; versionId: string; policy: AgentPolicy },
): Promise<void> {
  const requirements = await gateRequirements(ctx, version);
  if (requirements.length === 0) return;
  throw new ProblemError(
    "unprocessable",
    `The version may not meet users yet. ${requirements.map(({ sentence }) => sentence).join(" ")}`,
    {
      errors: requirements.map(({ name, sentence }) => ({ path: `requirements.${name}`, message: sentence })),
    },
  );
}
