import type { CommonIssues, FeedbackStatistics } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { readIssueCategories } from "../../administration/organizations/issue-categories.ts";
import type { TenantContext } from "../../context.ts";
import { CounterSeries } from "../statistics/series.ts";
import { readCounters, readPeriod } from "../statistics/store.ts";
import { rankIssues } from "./common-issues.ts";
import { summariseFeedback } from "./feedback-statistics.ts";
import { countWaiting } from "./holding/store.ts";
import { readRecentByIssue } from "./store.ts";

interface Input {
  agent: string;
  /** Days in UTC, today included. */
  days: number;
}

/** What was said of an agent in the last days, from its daily counters. */
export async function getFeedbackStatistics({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: Input;
}): Promise<FeedbackStatistics> {
  const { id: agentId } = await findAgent(ctx, input.agent, "path.agentId");
  const { from, to } = await readPeriod(ctx, input.days);
  const series = new CounterSeries(await readCounters(ctx, { agentId, from, to }));
  return summariseFeedback({ agentId, from, to, series, waiting: await countWaiting(ctx, agentId) });
}

/** Which issues are named most, and whether more than in as many days before. */
export async function getCommonIssues({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: Input;
}): Promise<CommonIssues> {
  const { id: agentId } = await findAgent(ctx, input.agent, "path.agentId");
  const { from, to } = await readPeriod(ctx, input.days);
  const { from: earliest } = await readPeriod(ctx, input.days * 2);
  const counters = await readCounters(ctx, { agentId, from: earliest, to, prefix: "issue:" });
  const current = new CounterSeries(counters.filter(({ day }) => day >= from));
  const previous = new CounterSeries(counters.filter(({ day }) => day < from));
  const all = new CounterSeries(await readCounters(ctx, { agentId, from, to, prefix: "feedback" }));
  const categories = await readIssueCategories(ctx);
  return {
    agent_id: agentId,
    days: input.days,
    from,
    to,
    feedback: all.count("feedback"),
    issues: rankIssues({
      counts: current.counts("issue:"),
      previous: previous.counts("issue:"),
      feedback: all.count("feedback"),
      labels: new Map(categories.map(({ slug, label }) => [slug, label])),
      recent: await readRecentByIssue(ctx, agentId),
    }),
  };
}
