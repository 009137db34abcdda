import type {
  ExampleSource,
  ExampleType,
  JsonValue,
  LearningExampleQuery,
  UpdateLearningExample,
} from "@agent-learning/contract";
import { type RawBuilder, type Selectable, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import type { LearningExamplesTable } from "../../database/schema.ts";

export type ExampleRow = Selectable<LearningExamplesTable>;

/** A row to insert, with the tasks that ask for its annotations. */
export interface NewExample {
  id: string;
  agent_id: string;
  example_type: ExampleType;
  input_text: string;
  /** undefined: the source execution's. */
  input_context?: Record<string, JsonValue> | undefined;
  original_output: string | null;
  expected_output: string;
  output_a?: string | null;
  output_b?: string | null;
  preferred_output?: "A" | "B" | null;
  preference_strength?: number | null;
  /** Of a preference: who gave its outputs. */
  version_a_id?: string | null;
  version_b_id?: string | null;
  execution_b_id?: string | null;
  domain?: string | null;
  task_type?: string | null;
  complexity?: number | null;
  jurisdictions?: readonly string[];
  tags?: readonly string[];
  /** undefined: the source execution's `metadata.confidence`, where it is one. */
  confidence_score?: number | undefined;
  source_type: ExampleSource;
  source_user_id: string | null;
  source_execution_id: string | null;
  source_feedback_id: string | null;
  group_key: string;
  /** Of an imported one: what makes it the same as another. */
  import_hash?: string | undefined;
  priority: number;
  /** One id for each annotation wanted. */
  task_ids: readonly string[];
}

/**
 * Inserts examples with their annotation tasks in one statement. A correction by a member counts as an expert's.
 * @returns the time that they carry
 */
export async function insertExamples(ctx: TenantContext, examples: readonly NewExample[]): Promise<Date> {
  const { rows } = await sql<{ created_at: Date }>`
    WITH r AS MATERIALIZED (
      SELECT * FROM json_to_recordset(${JSON.stringify(examples)}::json) AS r(
        id uuid, agent_id uuid, example_type text, input_text text, input_context jsonb, original_output text,
        expected_output text, output_a text, output_b text, preferred_output text, preference_strength int, domain text,
        task_type text, complexity int, jurisdictions jsonb, tags jsonb, confidence_score numeric, source_type text,
        source_user_id uuid, source_execution_id uuid, source_feedback_id uuid, group_key text,
        import_hash text, version_a_id uuid, version_b_id uuid, execution_b_id uuid, priority int, task_ids json)
    ), inserted AS (
      INSERT INTO learning_examples (organization_id, id, agent_id, example_type, input_text, input_context, original_output,
        expected_output, output_a, output_b, preferred_output, preference_strength, domain, task_type, complexity,
        jurisdictions, tags, confidence_score, source_type, source_user_id, source_execution_id, source_feedback_id, group_key, import_hash,
        version_a_id, version_b_id, execution_b_id)
      SELECT ${ctx.organizationId}::uuid, r.id, r.agent_id, r.example_type, r.input_text,
        COALESCE(r.input_context, e.input_context, '{}'), r.original_output, r.expected_output, r.output_a, r.output_b,
        r.preferred_output, r.preference_strength, r.domain, r.task_type, r.complexity, COALESCE(r.jurisdictions, '[]'),
        COALESCE(r.tags, '[]'),
        COALESCE(r.confidence_score, CASE WHEN jsonb_typeof(e.metadata -> 'confidence') = 'number'
          THEN CASE WHEN (e.metadata ->> 'confidence')::numeric BETWEEN 0 AND 1 THEN (e.metadata ->> 'confidence')::numeric END
        END),
        CASE WHEN r.source_type = 'user_feedback' AND r.example_type = 'correction' AND u.kind = 'member'
          THEN 'expert_correction' ELSE r.source_type END,
        r.source_user_id, r.source_execution_id, r.source_feedback_id, r.group_key, r.import_hash,
        r.version_a_id, r.version_b_id, r.execution_b_id
      FROM r
      LEFT JOIN agent_executions e ON e.organization_id = ${ctx.organizationId} AND e.id = r.source_execution_id
      LEFT JOIN users u ON u.organization_id = ${ctx.organizationId} AND u.id = r.source_user_id
    )
    INSERT INTO annotation_tasks (organization_id, id, learning_example_id, agent_id, slot, status, priority, contributor_id)
    SELECT ${ctx.organizationId}::uuid, t.id::uuid, r.id, r.agent_id, t.slot,
      CASE WHEN t.slot = 1 THEN 'open' ELSE 'waiting' END, r.priority, r.source_user_id
    FROM r CROSS JOIN LATERAL json_array_elements_text(r.task_ids) WITH ORDINALITY AS t(id, slot)
    RETURNING created_at`.execute(ctx.tx);
  const created = rows[0]?.created_at;
  if (created === undefined) throw new Error("an example was inserted without an annotation task");
  return created;
}

export async function readExample(ctx: TenantContext, id: string): Promise<ExampleRow | undefined> {
  return ctx.tx
    .selectFrom("learning_examples")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** The example, kept from changing until the transaction ends. */
export async function lockExample(ctx: TenantContext, id: string): Promise<ExampleRow | undefined> {
  return ctx.tx
    .selectFrom("learning_examples")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
}

export async function readExamplesByIds(
  ctx: TenantContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ExampleRow>> {
  // Id by id: a list of ids looks to a planner without statistics as if any index that ends with the id would do.
  const { rows } = await sql<ExampleRow>`
    SELECT x.* FROM unnest(${ids}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT * FROM learning_examples e
      WHERE e.organization_id = ${ctx.organizationId} AND e.id = wanted.id OFFSET 0) AS x`.execute(ctx.tx);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Newest first; ids are UUIDv7. */
export async function readExamples(
  ctx: TenantContext,
  filter: Omit<LearningExampleQuery, "cursor" | "agent_id"> & {
    agentId: string | undefined;
    beforeId: string | undefined;
  },
): Promise<ExampleRow[]> {
  const { agentId, beforeId, review_status, example_type, is_active, dataset_id, limit } = filter;
  const chosen =
    dataset_id === undefined &&
    (review_status !== undefined || example_type !== undefined || is_active !== undefined);
  const conditions = [sql`e.organization_id = ${ctx.organizationId}`];
  if (agentId !== undefined) conditions.push(sql`e.agent_id = ${agentId}`);
  else if (chosen) conditions.push(sql`e.agent_id = a.id`);
  if (review_status !== undefined) conditions.push(sql`e.review_status = ${review_status}`);
  if (example_type !== undefined) conditions.push(sql`e.example_type = ${example_type}`);
  if (is_active !== undefined) conditions.push(sql`e.is_active = ${is_active}`);
  if (dataset_id !== undefined) return readOfDataset(ctx, { ...filter, dataset_id, conditions });
  if (beforeId !== undefined) conditions.push(sql`e.id < ${beforeId}`);
  const newest = sql`SELECT e.* FROM learning_examples e WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY e.id DESC LIMIT ${limit}::int`;
  // The indexes of what is rare begin with the agent: each agent's newest, and the newest of those.
  const { rows } = await (
    agentId === undefined && chosen
      ? sql<ExampleRow>`SELECT x.* FROM agents a CROSS JOIN LATERAL (${newest}) x
        WHERE a.organization_id = ${ctx.organizationId} ORDER BY x.id DESC LIMIT ${limit}::int`
      : sql<ExampleRow>`${newest}`
  ).execute(ctx.tx);
  return rows;
}

/** Of a dataset's items, whose positions follow the ids of their examples: so a split has an index in this order. */
async function readOfDataset(
  ctx: TenantContext,
  filter: Pick<LearningExampleQuery, "split" | "limit"> & {
    dataset_id: string;
    beforeId: string | undefined;
    conditions: readonly RawBuilder<unknown>[];
  },
): Promise<ExampleRow[]> {
  const { dataset_id, split, beforeId, limit } = filter;
  const ofDataset = sql`organization_id = ${ctx.organizationId} AND dataset_id = ${dataset_id}`;
  const conditions = [...filter.conditions];
  if (beforeId !== undefined)
    conditions.push(sql`i.position < (SELECT position FROM training_dataset_items
      WHERE ${ofDataset} AND learning_example_id = ${beforeId})`);
  const items = sql`SELECT position, learning_example_id FROM training_dataset_items
    WHERE ${ofDataset} ${split === undefined ? sql`` : sql`AND split = ${split}`}`;
  const { rows } = await sql<ExampleRow>`
    SELECT e.* FROM (${items}) i CROSS JOIN LATERAL (
      SELECT * FROM learning_examples x
      WHERE x.organization_id = ${ctx.organizationId} AND x.id = i.learning_example_id OFFSET 0) e
    WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY i.position DESC LIMIT ${limit}::int`.execute(ctx.tx);
  return rows;
}

/** Approved, active examples of at least this quality, oldest first. */
export async function readApprovedExamples(
  ctx: TenantContext,
  filter: {
    agentId: string;
    minimumQuality: number;
    types: readonly ExampleType[] | undefined;
    after: string | undefined;
    limit: number;
  },
): Promise<ExampleRow[]> {
  let query = ctx.tx
    .selectFrom("learning_examples")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", filter.agentId)
    .where("review_status", "=", "approved")
    .where("is_active", "=", true)
    .where("quality_score", ">=", filter.minimumQuality);
  if (filter.types !== undefined) query = query.where("example_type", "in", [...filter.types]);
  if (filter.after !== undefined) query = query.where("id", ">", filter.after);
  return query.orderBy("id").limit(filter.limit).execute();
}

/** Changes labels and whether the example is active. The caller holds the row. */
export async function changeExample(
  ctx: TenantContext,
  id: string,
  change: UpdateLearningExample,
): Promise<ExampleRow> {
  return ctx.tx
    .updateTable("learning_examples")
    .set({
      ...(change.domain === undefined ? {} : { domain: change.domain }),
      ...(change.task_type === undefined ? {} : { task_type: change.task_type }),
      ...(change.complexity === undefined ? {} : { complexity: change.complexity }),
      ...(change.jurisdictions === undefined ? {} : { jurisdictions: json(change.jurisdictions) }),
      ...(change.tags === undefined ? {} : { tags: json(change.tags) }),
      ...(change.is_active === undefined ? {} : { is_active: change.is_active }),
      version: sql<number>`version + 1`,
      updated_at: sql<Date>`learning_now()`,
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** What a settled review sets. */
export interface Settlement {
  status: "in_review" | "approved" | "rejected";
  qualityScore?: number | null;
  expectedOutput?: string;
  /** Of a pair that was compared; null: a tie. */
  preferred?: { output: "A" | "B" | null; strength: number | null };
  reviewedBy?: string;
  reviewNotes?: string | null;
}

/** Moves an example through its review. The caller holds the row. */
export async function settleExample(
  ctx: TenantContext,
  id: string,
  settlement: Settlement,
): Promise<ExampleRow> {
  const { qualityScore, expectedOutput, preferred, reviewedBy, reviewNotes } = settlement;
  return ctx.tx
    .updateTable("learning_examples")
    .set({
      review_status: settlement.status,
      // A spot check says how good an agent's retrieval is; nobody learns from it.
      ...(settlement.status === "in_review"
        ? {}
        : { is_active: sql<boolean>`is_active AND source_type <> 'spot_check'` }),
      ...(qualityScore === undefined ? {} : { quality_score: qualityScore }),
      ...(expectedOutput === undefined ? {} : { expected_output: expectedOutput }),
      ...(preferred === undefined
        ? {}
        : { preferred_output: preferred.output, preference_strength: preferred.strength }),
      ...(reviewedBy === undefined
        ? {}
        : { reviewed_by: reviewedBy, reviewed_at: sql<Date>`learning_now()` }),
      ...(reviewNotes === undefined ? {} : { review_notes: reviewNotes }),
      version: sql<number>`version + 1`,
      updated_at: sql<Date>`learning_now()`,
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
