import { randomUUID } from "node:crypto";
import type { CreateBrowserToken, FeedbackToken } from "@agent-learning/contract";
import { systemContext } from "../../../create-context.ts";
import { ProblemError } from "../../../http/problem-error.ts";
import { createRateLimiter } from "../../../http/rate-limit.ts";
import type { Services } from "../../../services.ts";
import { perServices } from "../../../per-services.ts";
import { signToken } from "./create-feedback-token.ts";
import { isOwnOrigin, recogniseBrowser } from "./own-origin.ts";
import { findAgentsForBrowsers, hasRecentExecution } from "./store.ts";

const EXPIRES_IN_SECONDS = 3_600;
const PER_SECOND_AND_ADDRESS = 5;
const ARRIVAL_SECONDS = 5;

const limiters = perServices(() => createRateLimiter(PER_SECOND_AND_ADDRESS));

interface Input {
  wanted: CreateBrowserToken;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  address: string;
}

/**
 * A token for a page on this server's own origin, where the agent's policy allows it: for an execution of the last week, as a
 * rater that is the browser. One sentence refuses an agent that is unknown, ambiguous or closed, so that nobody learns which.
 * @throws ProblemError forbidden, not-found while the execution is unknown, rate-limited
 */
export async function createBrowserToken(
  services: Services,
  { wanted, headers, address }: Input,
): Promise<{ token: FeedbackToken; cookie: string }> {
  const { allowed, resetSeconds } = limiters(services)(address);
  if (!allowed) {
    throw new ProblemError("rate-limited", "This address asks for too many feedback tokens. Wait a moment.", {
      retryAfterSeconds: resetSeconds,
    });
  }
  if (!isOwnOrigin(headers)) {
    throw new ProblemError(
      "forbidden",
      "Feedback tokens without a key are for pages on this server's own origin. Elsewhere, give the widget a `getToken` that asks your server for one.",
    );
  }
  const [agent, ambiguous] = await findAgentsForBrowsers(services, wanted.agent_id);
  if (agent === undefined || ambiguous !== undefined) {
    throw new ProblemError(
      "forbidden",
      `The agent ${JSON.stringify(wanted.agent_id)} takes no feedback from browsers without a token. Set \`feedback.browsers\` of its policy to \`same_origin\`, or give the widget a \`getToken\`.`,
    );
  }
  const { id, cookie } = recogniseBrowser(headers, randomUUID());
  const ctx = systemContext(services, agent.organizationId, "feedback tokens");
  const token = await ctx.transact(async (tenant) => {
    if (!(await hasRecentExecution(tenant, agent.id, wanted.execution_id))) {
      throw new ProblemError(
        "not-found",
        `There is no execution ${JSON.stringify(wanted.execution_id)} of the last week yet. It may arrive: ask again.`,
        {
          retryAfterSeconds: ARRIVAL_SECONDS,
          errors: [{ path: "body.execution_id", message: "is not known" }],
        },
      );
    }
    const { id: _id, ...signed } = await signToken(tenant, agent.id, {
      execution_id: wanted.execution_id,
      user_id: `browser:${id}`,
      expires_in: EXPIRES_IN_SECONDS,
    });
    return signed;
  });
  return { token, cookie };
}
