import { randomBytes } from "node:crypto";
import type { CreateFeedbackToken, FeedbackToken } from "@agent-learning/contract";
import { writeAudit } from "../../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../../context.ts";
import { unprocessable } from "../../../http/problem-error.ts";
import { newId } from "../../../new-id.ts";
import { resolveAgents, unknownAgent } from "../../ingestion/resolve-agents.ts";
import { ensureSecret } from "./store.ts";
import { writeToken } from "./token-format.ts";

// What an Authorization header takes.
const MAXIMUM_LENGTH = 2_000;

/** A signed token for one execution and one rater of an agent that is there. Leaves no audit record. */
export async function signToken(
  ctx: TenantContext,
  agentId: string,
  input: Omit<CreateFeedbackToken, "agent_id">,
): Promise<FeedbackToken & { id: string }> {
  const { secret, now } = await ensureSecret(ctx, randomBytes(32));
  const expiresAt = new Date(now.getTime() + input.expires_in * 1_000);
  const id = newId();
  const claims = {
    organizationId: ctx.organizationId,
    agentId,
    executionId: input.execution_id,
    raterId: input.user_id,
    expiresAt: expiresAt.getTime(),
    id,
  };
  const token = writeToken(claims, secret);
  if (token.length > MAXIMUM_LENGTH) {
    throw unprocessable("body.execution_id", "is, with user_id, too long to fit a token: use shorter ids");
  }
  return { id, token, expires_at: expiresAt.toISOString() };
}

/** Makes a token that may give feedback on one execution as one rater. The execution need not be known yet. */
export async function createFeedbackToken({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: CreateFeedbackToken;
}): Promise<FeedbackToken> {
  const agentId = (await resolveAgents(ctx, [input.agent_id])).get(input.agent_id);
  if (agentId === undefined) throw unknownAgent(input.agent_id, "body");
  const { id, ...token } = await signToken(ctx, agentId, input);
  await writeAudit(ctx, {
    action: "feedback-token.created",
    entityType: "feedback_token",
    entityId: id,
    data: { agent_id: agentId, expires_in: input.expires_in },
  });
  return token;
}
