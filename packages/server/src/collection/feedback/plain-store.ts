import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { prepared } from "../../database/index.ts";
import type { StoredExecution } from "../evidence-observer.ts";
import {
  EXECUTION_COLUMNS,
  type PrefixedExecution,
  toStoredExecution,
} from "../executions/stored-execution.ts";
import type { Once } from "../ingestion/idempotency.ts";
import { findPerson } from "../people/store.ts";
import { shardOf } from "../statistics/shard.ts";
import { satisfactionOf, type StoredContent } from "./feedback-content.ts";
import { feedbackCounters } from "./feedback-counters.ts";
import { queryOf, type Submission } from "./submission.ts";

/** A submission that may be plainly new, and what is written with it if it is. */
export interface PlainSubmission {
  /** Where it stands in the batch. */
  position: number;
  submission: Submission;
  /** The rater's id if nobody has the rater's name yet. */
  newRaterId: string;
  once: Once | undefined;
}

/** Stands for the version of the execution in the names of counters. */
const VERSION = "@";

/** One that was plainly new, as it was stored. */
export interface PlainRow {
  position: number;
  userId: string;
  createdAt: Date;
  execution: StoredExecution;
  settingsVersion: number;
}

/** What several submissions count alike, told once. */
class Signatures {
  readonly #numbers = new Map<string, number>();
  readonly rows: object[] = [];

  numberOf(content: StoredContent): number {
    const { feedback_type: type, rating, signal, issue_categories: categories, dimensions } = content;
    const name = JSON.stringify([type, rating, signal, categories, dimensions]);
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(name, number);
    const counted = { ...content, satisfaction: satisfactionOf(content) };
    for (const [metric, { count, sum, sumSquares }] of feedbackCounters(counted, VERSION)) {
      this.rows.push({ s: number, m: metric, c: count, x: sum, q: sumSquares });
    }
    return number;
  }
}

// By position, not by name: half the bytes, and PostgreSQL reads it in half the time.
function toInput({ position, submission, newRaterId, once }: PlainSubmission, signature: number): unknown[] {
  const { content } = submission;
  const query = queryOf(submission);
  return [
    position,
    signature,
    submission.id,
    submission.agentId,
    query.executionReference,
    query.executionId,
    query.rater.externalId,
    query.rater.userId,
    newRaterId,
    query.isVote,
    satisfactionOf(content),
    content.feedback_type,
    content.rating,
    content.feedback_text,
    content.issue_categories,
    content.dimensions,
    content.signal,
    content.metadata,
    once?.key ?? null,
    once?.hash.toString("hex") ?? null,
  ];
}

// n, s: position and signature. e, eo: the execution by the caller's id and ours. r, ro, rn: the rater by the caller's id, ours,
// and the id that a new one gets. v: whether it is a vote. k, h: Idempotency-Key and hash.
const INPUT = sql.raw(`
  SELECT (j->>0)::int AS n, (j->>1)::int AS s, (j->>2)::uuid AS id, (j->>3)::uuid AS a, j->>4 AS e, (j->>5)::uuid AS eo,
    j->>6 AS r, (j->>7)::uuid AS ro, (j->>8)::uuid AS rn, (j->>9)::boolean AS v, (j->>10)::float8 AS sat, j->>11 AS type,
    (j->>12)::int AS rating, j->>13 AS txt, j->14 AS iss, j->15 AS dim, j->>16 AS sig, j->17 AS meta, j->>18 AS k,
    j->>19 AS h`);

/**
 * Stores in one statement, with its people, counters and idempotent answers, all that is plainly new: its execution is known,
 * its rater has no live vote on it, its Idempotency-Key was never used. Says what that was; everything else is left alone.
 * A unique violation means that another transaction wrote the same vote, person or key: start again, and it will be found.
 */
export async function insertPlainFeedback(
  ctx: TenantContext,
  submissions: readonly PlainSubmission[],
  options: { operation: string; lane: number },
): Promise<PlainRow[]> {
  const signatures = new Signatures();
  const input = JSON.stringify(
    submissions.map((plain) => toInput(plain, signatures.numberOf(plain.submission.content))),
  );
  const { rows } = await sql<PrefixedExecution & { n: number; user_id: string; now: Date; settings: number }>`
    ${prepared("insert_plain_feedback")}
    WITH input AS MATERIALIZED (
      ${INPUT} FROM jsonb_array_elements(${input}::jsonb) AS i(j)),
    found AS (
      SELECT i.n, ${EXECUTION_COLUMNS}, COALESCE(u.id, i.rn) AS user_id, u.id IS NULL AS is_new,
        date_trunc('milliseconds', learning_now()) AS now, a.version AS settings,
        i.v AND row_number() OVER (PARTITION BY e.id, COALESCE(u.id, i.rn), i.v ORDER BY i.n) > 1 AS again
      FROM input i
      JOIN LATERAL (
        SELECT x.* FROM agent_executions x WHERE x.organization_id = ${ctx.organizationId}
          AND x.external_id = i.e AND x.agent_id IS NOT DISTINCT FROM i.a
        UNION ALL
        SELECT x.* FROM agent_executions x WHERE x.organization_id = ${ctx.organizationId}
          AND x.id = i.eo AND x.agent_id IS NOT DISTINCT FROM i.a
        LIMIT 1) e ON true
      JOIN agents a ON a.organization_id = ${ctx.organizationId} AND a.id = i.a
      LEFT JOIN LATERAL ${findPerson(ctx, { externalId: "i.r", userId: "i.ro" })} u ON true
      LEFT JOIN LATERAL (
        SELECT f.id FROM agent_feedback f WHERE i.v AND f.organization_id = ${ctx.organizationId}
          AND f.execution_id = e.id AND f.user_id = u.id AND f.satisfaction IS NOT NULL AND f.status = 'live'
        LIMIT 1) v ON true
      LEFT JOIN LATERAL (
        SELECT k.key FROM idempotency_keys k
        WHERE i.k IS NOT NULL AND k.organization_id = ${ctx.organizationId} AND k.key = i.k
        LIMIT 1) k ON true
      WHERE v.id IS NULL AND (u.id IS NOT NULL OR i.r IS NOT NULL) AND k.key IS NULL AND (i.k IS NULL
        OR pg_try_advisory_xact_lock(hashtextextended(${`${ctx.organizationId}:`} || i.k, 0)))),
    plain AS MATERIALIZED (SELECT * FROM found WHERE NOT again),
    people AS (
      INSERT INTO users (organization_id, id, kind, external_id)
      SELECT DISTINCT ${ctx.organizationId}::uuid, p.user_id, 'end_user', i.r
      FROM plain p JOIN input i USING (n) WHERE p.is_new ORDER BY i.r),
    feedback AS (
      INSERT INTO agent_feedback (organization_id, id, agent_id, execution_id, user_id, feedback_type, rating, feedback_text,
        issue_categories, dimensions, signal, satisfaction, metadata, created_at, updated_at)
      SELECT ${ctx.organizationId}::uuid, i.id, i.a, p.e_id, p.user_id, i.type, i.rating, i.txt, i.iss, i.dim,
        i.sig, i.sat, i.meta, p.now, p.now
      FROM plain p JOIN input i USING (n) ORDER BY p.e_id, p.user_id),
    answers AS (
      INSERT INTO idempotency_keys (organization_id, key, operation, request_hash, response_status, response_body)
      SELECT ${ctx.organizationId}::uuid, i.k, ${options.operation}::text, decode(i.h, 'hex'), 201,
        jsonb_build_object('id', i.id, 'status', 'stored', 'version', 1)
      FROM plain p JOIN input i USING (n) WHERE i.k IS NOT NULL),
    counters AS (
      INSERT INTO agent_daily_statistics AS t (organization_id, agent_id, day, metric, shard, count, sum, sum_squares)
      SELECT ${ctx.organizationId}::uuid, g.a, g.day, replace(c.m, ${VERSION}, COALESCE(g.version, '')),
        ${shardOf(options.lane)}::smallint, SUM(g.n * c.c), SUM(g.n * c.x), SUM(g.n * c.q)
      FROM (
        SELECT i.a, (p.now AT TIME ZONE 'UTC')::date AS day, i.s, p.e_version_id::text AS version, COUNT(*) AS n
        FROM plain p JOIN input i USING (n) WHERE p.e_environment = 'production' GROUP BY 1, 2, 3, 4) g
      JOIN json_to_recordset(${JSON.stringify(signatures.rows)}::json)
        AS c(s int, m text, c bigint, x float8, q float8) USING (s)
      WHERE g.version IS NOT NULL OR strpos(c.m, ${VERSION}) = 0
      GROUP BY 2, 3, 4 ORDER BY 2, 3, 4
      ON CONFLICT (organization_id, agent_id, day, metric, shard) DO UPDATE SET
        count = t.count + excluded.count, sum = t.sum + excluded.sum, sum_squares = t.sum_squares + excluded.sum_squares)
    SELECT * FROM plain`.execute(ctx.tx);
  return rows.flatMap((row) => {
    const execution = toStoredExecution(row);
    if (execution === null) return [];
    return [
      { position: row.n, userId: row.user_id, createdAt: row.now, execution, settingsVersion: row.settings },
    ];
  });
}
