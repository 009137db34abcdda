import { agentPolicy } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/find-agent.ts";
import { findActiveSplit, lockServing, readServingPointer } from "../../administration/serving/index.ts";
import { requireVersion } from "../../administration/versions/index.ts";
import type { CandidateObserver } from "../../learning/candidate-observer.ts";
import { createRollout } from "./create-rollout.ts";
import { readRequirements } from "./read-requirements.ts";
import { startRollout } from "./start-rollout.ts";

/**
 * Releases what retrieval learning found, where the agent's policy says so: as a rollout, which begins by itself only where it begins as a
 * canary, everything that a rollout needs is there (the release gate's reports among it), and nobody else has the traffic. Otherwise it
 * waits for a person. Without a version in service there is nothing that it could be a canary beside.
 */
export const releaseRetrieval: CandidateObserver = {
  async candidateReady(ctx, { agentId, candidateVersionId, verdict }) {
    if (verdict !== "promote") return;
    const agent = await findAgent(ctx, agentId, "agent_id");
    const policy = agentPolicy.parse(agent.policy);
    if (policy.retrieval_learning.release !== "automatic") return;
    const candidate = await requireVersion(ctx, agentId, candidateVersionId, "candidate_version_id");
    if (candidate.origin !== "rag_training") return;
    await lockServing(ctx, agentId);
    const pointer = await readServingPointer(ctx, agentId, "production");
    if (pointer === undefined || pointer.version_id === candidateVersionId) return;
    const rollout = await createRollout({
      ctx,
      input: { agent_id: agentId, candidate_version_id: candidateVersionId, environment: "production" },
    });
    const isCanary = (policy.rollout.stages[0]?.share ?? 1) < 1;
    if (!isCanary || policy.gate.required === "never") return;
    if ((await findActiveSplit(ctx, agentId, "production")) !== undefined) return;
    if ((await readRequirements(ctx, rollout)).length > 0) return;
    await startRollout({
      ctx,
      input: { id: rollout.id, reason: "The policy releases what both gates let through, as a canary." },
    });
  },
};
