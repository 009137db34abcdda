import type { AnnotatorTrustReport } from "@agent-learning/contract";
import { agreementMean, agreementPosterior } from "@agent-learning/learning";
import { betaInterval } from "@agent-learning/statistics";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { readGoldRecords, weightOfRecord } from "../annotations/index.ts";
import { MOST_REVIEWS } from "./annotation-agreement.ts";
import { panelAccuracy, panelOf } from "./panel.ts";
import { readNames, readNewestReviews } from "./store.ts";

/**
 * How far each person who annotated for an agent lately can be relied on: by answers that are known, which decide what their
 * annotations count, and by the panel's own judgement beside it.
 * @throws ProblemError not-found for the agent
 */
export async function annotatorTrust({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agent_id: string };
}): Promise<AnnotatorTrustReport> {
  const agent = await findAgent(ctx, input.agent_id, "query.agent_id");
  const reviews = await readNewestReviews(ctx, { agentId: agent.id, queueId: undefined }, MOST_REVIEWS);
  const panel = panelOf(reviews);
  const accuracies = panelAccuracy(panel);
  const ids = [...new Set(reviews.map(({ expert_id }) => expert_id))];
  const records = await readGoldRecords(ctx, ids);
  const names = await readNames(ctx, ids);
  const people = ids.map((id) => {
    const record = records.get(id) ?? { agreed: 0, disagreed: 0 };
    const { a, b } = agreementPosterior(record);
    const { lower, upper } = betaInterval(a, b);
    const judged = accuracies.get(id);
    return {
      user_id: id,
      display_name: names.get(id) ?? null,
      gold_agreed: record.agreed,
      gold_disagreed: record.disagreed,
      agreement: agreementMean(record),
      agreement_interval: [lower, upper] as [number, number],
      weight: weightOfRecord(record),
      panel_accuracy: judged?.accuracy ?? null,
      panel_annotations: judged?.annotations ?? 0,
    };
  });
  people.sort((one, other) => other.weight - one.weight || (one.user_id < other.user_id ? -1 : 1));
  return {
    agent_id: agent.id,
    panel_annotations: panel.reduce((sum, judged) => sum + judged.length, 0),
    people,
  };
}
