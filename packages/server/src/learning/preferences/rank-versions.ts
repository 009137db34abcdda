import type { AgentPreferences } from "@agent-learning/contract";
import { type CandidateComparison, candidateStrengths, createRandom } from "@agent-learning/learning";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import { hasMorePairs, type JudgementRow, readJudgements, readVersionNumbers } from "./store.ts";

const RESAMPLES = 300;

/** What a judgement says of two versions; nothing where one is not known, or both are the same. */
function compared(row: JudgementRow): CandidateComparison[] {
  const { version_a: a, version_b: b, preferred, person } = row;
  if (a === null || b === null || a === b) return [];
  const [winner, loser] = preferred === "B" ? [b, a] : [a, b];
  return [{ winner, loser, tie: preferred === "tie", contributor: person }];
}

/**
 * What people prefer: the strengths of the agent's versions by what was said of their outputs, as the evidence is now.
 * @throws ProblemError not-found for the agent
 */
export async function rankVersions({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agent: string };
}): Promise<AgentPreferences> {
  const agent = await findAgent(ctx, input.agent, "path.agentId");
  const judgements = await readJudgements(ctx, agent.id);
  const strengths = candidateStrengths(judgements.flatMap(compared), {
    random: createRandom(agent.id),
    resamples: RESAMPLES,
  });
  const numbers = await readVersionNumbers(
    ctx,
    strengths.map(({ candidate }) => candidate),
  );
  return {
    agent_id: agent.id,
    judgements: judgements.length,
    ties: judgements.filter(({ preferred }) => preferred === "tie").length,
    people: new Set(judgements.map(({ person }) => person)).size,
    versions: strengths.map(({ candidate, ...rest }) => ({
      version_id: candidate,
      number: numbers.get(candidate) ?? 0,
      ...rest,
    })),
    truncated: await hasMorePairs(ctx, agent.id),
    computed_at: (await learningNow(ctx.tx)).toISOString(),
  };
}
