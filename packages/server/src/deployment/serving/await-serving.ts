import type { Environment, ServingConfiguration } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/find-agent.ts";
import { readServingRevision, servingChange } from "../../administration/serving/index.ts";
import type { Context } from "../../context.ts";
import { getServing } from "./get-serving.ts";

/** Other nodes' changes announce themselves to nobody here: look that often. */
const POLL_MILLISECONDS = 1_000;

export interface AwaitServingInput {
  agent: string;
  environment: Environment;
  /** The revisions that the caller has, from If-None-Match. */
  known: readonly number[];
  waitSeconds: number;
  /** True when waiting must end: the client is gone or the server is stopping. */
  stop: () => boolean;
  signal: AbortSignal;
}

/**
 * The configuration when its revision is none of the known ones, at once or within the wait; undefined otherwise. No
 * transaction is open while it waits.
 */
export async function awaitServing({
  ctx,
  input,
}: {
  ctx: Context;
  input: AwaitServingInput;
}): Promise<{ revision: number; configuration: ServingConfiguration | undefined }> {
  const deadline = performance.now() + input.waitSeconds * 1000;
  const { agentId, revision: first } = await ctx.transact(async (tenant) => {
    const agent = await findAgent(tenant, input.agent, "path.agentId");
    return { agentId: agent.id, revision: await readServingRevision(tenant, agent.id) };
  });
  let revision = first;
  for (;;) {
    if (!input.known.includes(revision)) {
      const configuration = await ctx.transact((tenant) => getServing({ ctx: tenant, input }));
      return { revision: configuration.revision, configuration };
    }
    const left = deadline - performance.now();
    if (left <= 0 || input.signal.aborted || input.stop()) return { revision, configuration: undefined };
    const key = { organizationId: ctx.organizationId, agentId };
    await servingChange(key, { milliseconds: Math.min(POLL_MILLISECONDS, left), signal: input.signal });
    revision = await ctx.transact((tenant) => readServingRevision(tenant, agentId));
  }
}
