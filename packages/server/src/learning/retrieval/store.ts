import type { RememberedQuery, RetrievalArtifact } from "@agent-learning/learning";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";

/** A retrieval with the live feedback on its execution. */
export interface ImpressionRow {
  id: string;
  query_text: string;
  chunks: {
    chunk_id: string;
    rank: number;
    score?: number | null;
    features?: Record<string, number> | null;
    examination_probability?: number | null;
  }[];
  created_at: Date;
  feedback: {
    actor: string;
    /** Seconds since 1970. */
    at: number;
    satisfaction: number | null;
    signal: string | null;
    marks: unknown;
  }[];
}

/** From when on, and how, evidence is read. */
export interface EvidenceWindow {
  agentId: string;
  from: Date;
  until: Date;
}

/**
 * Up to `limit` retrievals that somebody said something of, newest first, older than `before`. What was emptied for its age or for a
 * person's sake is evidence no more.
 */
export async function readImpressions(
  ctx: TenantContext,
  { agentId, from, until }: EvidenceWindow,
  before: { at: Date; id: string } | undefined,
  limit: number,
): Promise<ImpressionRow[]> {
  const after = before ?? { at: until, id: "ffffffff-ffff-ffff-ffff-ffffffffffff" };
  const { rows } = await sql<ImpressionRow>`
    SELECT r.id, r.query_text, r.chunks, r.created_at, f.feedback
    FROM (SELECT * FROM retrievals r WHERE r.organization_id = ${ctx.organizationId} AND r.agent_id = ${agentId}
        AND r.created_at >= ${from} AND (r.created_at, r.id) < (${after.at}::timestamptz, ${after.id}::uuid)
        AND r.execution_id IS NOT NULL AND r.query_text NOT IN ('[expired]', '[erased]')
        AND EXISTS (SELECT 1 FROM agent_feedback g WHERE g.organization_id = r.organization_id AND g.execution_id = r.execution_id
          AND g.status = 'live' AND g.created_at <= ${until})
      ORDER BY r.created_at DESC, r.id DESC LIMIT ${limit}) AS r
    CROSS JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('actor', g.user_id, 'at', EXTRACT(epoch FROM g.created_at)::float8, 'satisfaction', g.satisfaction,
        'signal', g.signal, 'marks', g.metadata->'chunk_marks') ORDER BY g.created_at, g.id) AS feedback
      FROM agent_feedback g WHERE g.organization_id = ${ctx.organizationId} AND g.execution_id = r.execution_id
        AND g.status = 'live' AND g.created_at <= ${until}) AS f
    ORDER BY r.created_at DESC, r.id DESC`.execute(ctx.tx);
  return rows;
}

export interface NewArtifact {
  id: string;
  agentId: string;
  trainingRunId: string;
  contentHash: string;
  artifact: RetrievalArtifact;
}

const MEMORY_ROWS = 2_000;

/** Stores an artifact. Each pair of its memory names the retrieval that it comes from. */
export async function insertArtifact(
  ctx: TenantContext,
  { id, agentId, trainingRunId, contentHash, artifact }: NewArtifact,
): Promise<void> {
  const { memory, ...body } = artifact;
  await ctx.tx
    .insertInto("retrieval_artifacts")
    .values({
      organization_id: ctx.organizationId,
      id,
      agent_id: agentId,
      training_run_id: trainingRunId,
      format: artifact.format,
      content_hash: contentHash,
      body: json(body),
    })
    .execute();
  for (let start = 0; start < memory.length; start += MEMORY_ROWS) {
    const rows = memory.slice(start, start + MEMORY_ROWS).map((pair, index) => ({
      position: start + index,
      query_text: pair.query,
      chunk_id: pair.chunk,
      actor: Number(pair.actor),
      retrieval_id: pair.evidence,
    }));
    await sql`
      INSERT INTO retrieval_memory (organization_id, artifact_id, position, query_text, chunk_id, actor, retrieval_id)
      SELECT ${ctx.organizationId}::uuid, ${id}::uuid, m.* FROM json_to_recordset(${JSON.stringify(rows)}::json)
        AS m(position int, query_text text, chunk_id text, actor int, retrieval_id uuid)`.execute(ctx.tx);
  }
}

/** An artifact as it is now; undefined where the organization has none of that id. */
export async function readArtifact(
  ctx: TenantContext,
  id: string,
): Promise<{ agentId: string; artifact: RetrievalArtifact } | undefined> {
  const row = await ctx.tx
    .selectFrom("retrieval_artifacts")
    .select(["agent_id", "body"])
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const pairs = await ctx.tx
    .selectFrom("retrieval_memory")
    .select(["query_text", "chunk_id", "actor", "retrieval_id"])
    .where("organization_id", "=", ctx.organizationId)
    .where("artifact_id", "=", id)
    .orderBy("position")
    .execute();
  const memory: RememberedQuery[] = pairs.map((pair) => ({
    query: pair.query_text,
    chunk: pair.chunk_id,
    actor: String(pair.actor),
    evidence: pair.retrieval_id,
  }));
  return {
    agentId: row.agent_id,
    artifact: { ...(row.body as unknown as Omit<RetrievalArtifact, "memory">), memory },
  };
}
