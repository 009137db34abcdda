import type { Environment, Split } from "@agent-learning/contract";
import { sql, type Selectable } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { ServingPointersTable } from "../../database/schema.ts";
import { experimentSplit, rolloutSplit } from "./splits.ts";

/**
 * Holds the agent's serving row until the transaction ends: two transactions that change what the agent is served, or that
 * start an experiment or rollout, come one after the other.
 */
export async function lockServing(ctx: TenantContext, agentId: string): Promise<void> {
  await sql`INSERT INTO serving_revisions (organization_id, agent_id, revision) VALUES (${ctx.organizationId}, ${agentId}, 1)
    ON CONFLICT DO NOTHING`.execute(ctx.tx);
  await sql`SELECT 1 FROM serving_revisions WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
    FOR UPDATE`.execute(ctx.tx);
}

export async function incrementRevision(ctx: TenantContext, agentId: string): Promise<number> {
  const { rows } = await sql<{ revision: number }>`
    INSERT INTO serving_revisions (organization_id, agent_id, revision, updated_at)
    VALUES (${ctx.organizationId}, ${agentId}, 2, learning_now())
    ON CONFLICT (organization_id, agent_id)
    DO UPDATE SET revision = serving_revisions.revision + 1, updated_at = learning_now()
    RETURNING revision`.execute(ctx.tx);
  return rows[0]?.revision ?? 1;
}

/** The revision of what the agent is served; 1 before anything changed. */
export async function readServingRevision(ctx: TenantContext, agentId: string): Promise<number> {
  const row = await ctx.tx
    .selectFrom("serving_revisions")
    .select("revision")
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .executeTakeFirst();
  return row?.revision ?? 1;
}

/** Which version the environment runs; undefined while nothing was put into service. */
export function readServingPointer(
  ctx: TenantContext,
  agentId: string,
  environment: Environment,
): Promise<Selectable<ServingPointersTable> | undefined> {
  return ctx.tx
    .selectFrom("serving_pointers")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("environment", "=", environment)
    .executeTakeFirst();
}

export interface ActiveSplit {
  split: Split;
  status: "running" | "paused";
}

/**
 * What holds the agent's traffic in this environment, paused ones included: a rollout, an experiment, or several experiments of one
 * exclusion group.
 */
export async function findActiveSplits(
  ctx: TenantContext,
  agentId: string,
  environment: Environment,
): Promise<ActiveSplit[]> {
  const rollout = await ctx.tx
    .selectFrom("rollouts")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("environment", "=", environment)
    .where("status", "in", ["running", "paused"])
    .executeTakeFirst();
  if (rollout !== undefined) {
    return [{ split: rolloutSplit(rollout), status: rollout.status as ActiveSplit["status"] }];
  }
  // Experiments compare versions on real users only.
  if (environment !== "production") return [];
  const experiments = await ctx.tx
    .selectFrom("learning_experiments")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("status", "in", ["running", "paused"])
    .orderBy("id")
    .execute();
  return experiments.map((row) => ({
    split: experimentSplit(row),
    status: row.status as ActiveSplit["status"],
  }));
}

/** The first of `findActiveSplits`. */
export async function findActiveSplit(
  ctx: TenantContext,
  agentId: string,
  environment: Environment,
): Promise<ActiveSplit | undefined> {
  return (await findActiveSplits(ctx, agentId, environment))[0];
}
