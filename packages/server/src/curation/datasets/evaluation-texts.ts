import type { TenantContext } from "../../context.ts";
import { EvaluationTexts } from "./contamination.ts";

/** Cases that are looked at: the newest; no gate asks more. */
const MOST_CASES = 5_000;

/** The inputs of an agent's active regression cases. */
export async function readEvaluationTexts(ctx: TenantContext, agentId: string): Promise<EvaluationTexts> {
  const rows = await ctx.tx
    .selectFrom("regression_cases")
    .select(["id", "input_text"])
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("is_active", "=", true)
    .orderBy("id", "desc")
    .limit(MOST_CASES)
    .execute();
  const texts = new EvaluationTexts();
  for (const { id, input_text } of rows) texts.add(id, input_text);
  return texts;
}
