import type { Descendants } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

/** Runs that are followed: the newest. */
const MOST_RUNS = 100;
/** Versions, experiments and rollouts that are shown, each. */
const MOST_SHOWN = 500;

type Undated<T extends { created_at: string }> = Omit<T, "created_at"> & { created_at: Date | null };

function dated<T extends { created_at: Date | null }>(
  row: T,
): Omit<T, "created_at"> & { created_at: string } {
  return { ...row, created_at: (row.created_at ?? new Date(0)).toISOString() };
}

/**
 * What became of versions: the experiments that tried them, the rollouts that brought them to users, and where one serves. Each version's
 * own, found by index: a list of ids looks to a planner without statistics like any other condition.
 */
export async function afterVersions(
  ctx: TenantContext,
  ids: readonly string[],
): Promise<Pick<Descendants, "experiments" | "rollouts" | "serving">> {
  const organization = ctx.organizationId;
  const { rows: experiments } = await sql<Descendants["experiments"][number]>`
    SELECT e.id, e.name, COALESCE(e.status, 'draft') AS status, e.winner, e.treatment_version_id FROM unnest(${ids}::uuid[]) AS version(id)
    CROSS JOIN LATERAL (
      SELECT * FROM learning_experiments l WHERE l.organization_id = ${organization} AND l.treatment_version_id = version.id OFFSET 0) AS e
    LIMIT ${MOST_SHOWN}`.execute(ctx.tx);
  const { rows: rollouts } = await sql<Undated<Descendants["rollouts"][number]>>`
    SELECT r.id, r.status, r.candidate_version_id, r.created_at FROM unnest(${ids}::uuid[]) AS version(id)
    CROSS JOIN LATERAL (
      SELECT * FROM rollouts o WHERE o.organization_id = ${organization} AND o.candidate_version_id = version.id OFFSET 0) AS r
    LIMIT ${MOST_SHOWN}`.execute(ctx.tx);
  const { rows: serving } = await sql<Descendants["serving"][number]>`
    SELECT p.version_id, p.environment FROM serving_pointers p
    WHERE p.organization_id = ${organization} AND p.version_id = ANY(${ids}::uuid[])`.execute(ctx.tx);
  return { experiments, rollouts: rollouts.map(dated), serving };
}

/**
 * What was learned from datasets, and what became of that and of further versions.
 * @param input.versionIds versions that hold the evidence itself
 */
export async function descendantsOf(
  ctx: TenantContext,
  input: { datasetIds: readonly string[]; versionIds?: readonly string[] },
): Promise<Descendants> {
  const organization = ctx.organizationId;
  const { rows: runs } = await sql<Undated<Descendants["training_runs"][number]>>`
    SELECT r.id, r.name, r.training_type, COALESCE(r.status, 'pending') AS status, r.dataset_id, r.created_at
    FROM unnest(${input.datasetIds}::uuid[]) AS dataset(id)
    CROSS JOIN LATERAL (SELECT * FROM training_runs t WHERE t.organization_id = ${organization} AND t.dataset_id = dataset.id
      ORDER BY t.id DESC LIMIT ${MOST_RUNS + 1}) AS r
    ORDER BY r.id DESC LIMIT ${MOST_RUNS + 1}`.execute(ctx.tx);
  const followed = runs.slice(0, MOST_RUNS);
  const { rows: versions } = await sql<
    Undated<Omit<Descendants["versions"][number], "evidence_erased_at">> & { evidence_erased_at: Date | null }
  >`
    SELECT v.id, v.number, v.training_run_id, v.review_status, v.evidence_erased_at, v.created_at
    FROM unnest(${followed.map(({ id }) => id)}::uuid[]) AS run(id)
    CROSS JOIN LATERAL (SELECT * FROM agent_versions a WHERE a.organization_id = ${organization} AND a.training_run_id = run.id OFFSET 0) AS v
    UNION
    SELECT v.id, v.number, v.training_run_id, v.review_status, v.evidence_erased_at, v.created_at
    FROM unnest(${input.versionIds ?? []}::uuid[]) AS own(id)
    CROSS JOIN LATERAL (SELECT * FROM agent_versions a WHERE a.organization_id = ${organization} AND a.id = own.id OFFSET 0) AS v
    ORDER BY created_at DESC, id DESC LIMIT ${MOST_SHOWN}`.execute(ctx.tx);
  return {
    training_runs: followed.map(dated),
    versions: versions.map((row) => ({
      ...dated(row),
      evidence_erased_at: row.evidence_erased_at?.toISOString() ?? null,
    })),
    ...(await afterVersions(
      ctx,
      versions.map(({ id }) => id),
    )),
    is_truncated: runs.length > MOST_RUNS,
  };
}
