import type {
  DatasetCard,
  DatasetSelection,
  DatasetSplit,
  SplitShares,
  SupersedingReason,
} from "@agent-learning/contract";
import { type RawBuilder, type Selectable, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import type { TrainingDatasetsTable } from "../../database/schema.ts";
import type { ExampleRow } from "../examples/index.ts";
import { inIndexOrder } from "../tasks/index.ts";
import type { DecisionCounts } from "./agreement.ts";
import type { DatasetItemContent } from "./dataset-item.ts";
import { selectionWhere } from "./selection.ts";

export type DatasetRow = Selectable<TrainingDatasetsTable>;

export interface NewDataset {
  id: string;
  agentId: string;
  name: string;
  description: string | null;
  version: string;
  selection: object;
  createdBy: string | null;
  /** The dataset that it replaces, and why. */
  supersedes?: { id: string; reason: SupersedingReason } | undefined;
}

export async function insertDataset(ctx: TenantContext, dataset: NewDataset): Promise<void> {
  await ctx.tx
    .insertInto("training_datasets")
    .values({
      organization_id: ctx.organizationId,
      id: dataset.id,
      agent_id: dataset.agentId,
      agent_ids: json([dataset.agentId]),
      name: dataset.name,
      description: dataset.description,
      version: dataset.version,
      selection: json(dataset.selection),
      created_by: dataset.createdBy,
      supersedes_id: dataset.supersedes?.id ?? null,
      supersedes_reason: dataset.supersedes?.reason ?? null,
    })
    .execute();
}

/** The number after the largest whole-number version of this name. */
export async function nextVersion(ctx: TenantContext, agentId: string, name: string): Promise<string> {
  const { rows } = await sql<{ next: number }>`
    SELECT COALESCE(MAX(CASE WHEN version ~ '^[0-9]{1,9}$' THEN version::int END), 0) + 1 AS next FROM training_datasets
    WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId} AND name = ${name}`.execute(
    ctx.tx,
  );
  return String(rows[0]?.next ?? 1);
}

/** One build at a time for an agent: each must see where the one before put things. */
export async function lockAgentDatasets(ctx: TenantContext, agentId: string): Promise<void> {
  const name = `datasets:${ctx.organizationId}:${agentId}`;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(ctx.tx);
}

export async function readDataset(ctx: TenantContext, id: string): Promise<DatasetRow | undefined> {
  return ctx.tx
    .selectFrom("training_datasets")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .executeTakeFirst();
}

export async function lockDataset(ctx: TenantContext, id: string): Promise<DatasetRow | undefined> {
  return ctx.tx
    .selectFrom("training_datasets")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
}

/** Newest first; ids are UUIDv7. */
export async function readDatasets(
  ctx: TenantContext,
  filter: { agentId: string; status: string | undefined; beforeId: string | undefined; limit: number },
): Promise<DatasetRow[]> {
  let query = ctx.tx
    .selectFrom("training_datasets")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", filter.agentId);
  if (filter.status !== undefined) query = query.where("status", "=", filter.status);
  if (filter.beforeId !== undefined) query = query.where("id", "<", filter.beforeId);
  return query.orderBy("id", "desc").limit(filter.limit).execute();
}

/** Where an agent's datasets began to split: the salt of its first frozen one. */
export async function readSalt(ctx: TenantContext, agentId: string): Promise<string | undefined> {
  const row = await ctx.tx
    .selectFrom("training_datasets")
    .select("split_salt")
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("status", "<>", "draft")
    .where("split_salt", "is not", null)
    .orderBy("frozen_at")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  return row?.split_salt ?? undefined;
}

/** What the split of an example depends on. */
export interface Candidate {
  id: string;
  group_key: string;
  input_text: string;
  previous: DatasetSplit | null;
  /** The end user that it is from; null for what members and machines contributed. */
  end_user: string | null;
}

export interface CandidateQuery {
  agentId: string;
  minimumQuality: number;
  selection: DatasetSelection;
}

/** What of an example `x` decides whether it may enter. */
function qualifies(ctx: TenantContext, query: CandidateQuery): RawBuilder<unknown> {
  return sql`x.organization_id = ${ctx.organizationId} AND x.agent_id = ${query.agentId} AND x.review_status = 'approved'
    AND x.is_active AND (x.quarantine IS NULL OR x.quarantine = 'released')
    AND x.quality_score >= ${query.minimumQuality}::numeric ${selectionWhere(query.selection)}`;
}

const END_USER = sql`(
  SELECT u.id FROM users u WHERE u.organization_id = x.organization_id AND u.id = x.source_user_id AND u.kind = 'end_user') AS end_user`;

const PREVIOUS = sql`(
  SELECT i.split FROM training_dataset_items i
  JOIN training_datasets d ON d.organization_id = i.organization_id AND d.id = i.dataset_id
  WHERE i.organization_id = x.organization_id AND i.learning_example_id = x.id AND d.status <> 'draft'
  LIMIT 1) AS previous`;

/** Examples that may enter, oldest first, with where a frozen dataset put them before. `from` is the oldest's id. */
export async function readCandidates(
  ctx: TenantContext,
  query: CandidateQuery,
  page: { from: string | undefined; after: string | undefined; limit: number },
): Promise<Candidate[]> {
  const from = page.from === undefined ? sql`` : sql`AND x.id >= ${page.from}::uuid`;
  const after = page.after === undefined ? sql`` : sql`AND x.id > ${page.after}::uuid`;
  const { rows } = await inIndexOrder(ctx, () =>
    sql<Candidate>`
      SELECT x.id, x.group_key, x.input_text, ${PREVIOUS}, ${END_USER}
      FROM learning_examples x WHERE ${qualifies(ctx, query)} ${from} ${after}
      ORDER BY x.id LIMIT ${page.limit}`.execute(ctx.tx),
  );
  return rows;
}

/** The examples that a draft holds, whatever has become of them, in its order. */
export async function readDraftCandidates(
  ctx: TenantContext,
  draftId: string,
  page: { after: number; limit: number },
): Promise<(Candidate & { position: number })[]> {
  const { rows } = await sql<Candidate & { position: number }>`
    SELECT held.position, x.id, x.group_key, x.input_text, ${PREVIOUS}, ${END_USER}
    FROM training_dataset_items held
    JOIN learning_examples x ON x.organization_id = held.organization_id AND x.id = held.learning_example_id
    WHERE held.organization_id = ${ctx.organizationId} AND held.dataset_id = ${draftId} AND held.position > ${page.after}
    ORDER BY held.position LIMIT ${page.limit}`.execute(ctx.tx);
  return rows;
}

/** The id from which on the newest `count` examples lie; undefined when there are fewer. */
export async function readCutoff(
  ctx: TenantContext,
  query: CandidateQuery,
  count: number,
): Promise<string | undefined> {
  const { rows } = await inIndexOrder(ctx, () =>
    sql<{ id: string }>`
      SELECT x.id FROM learning_examples x WHERE ${qualifies(ctx, query)}
      ORDER BY x.id DESC OFFSET ${count - 1} LIMIT 1`.execute(ctx.tx),
  );
  return rows[0]?.id;
}

/** An example to copy, and whether somebody else verified an annotation that approves it. */
export interface CopiedExample extends ExampleRow {
  is_human_verified: boolean;
}

/**
 * These examples as far as they still qualify, by id, kept from changing until the transaction ends: what is withdrawn at
 * the same time is either not copied, or finds itself in a frozen dataset.
 */
export async function copyExamples(
  ctx: TenantContext,
  query: CandidateQuery,
  ids: readonly string[],
): Promise<CopiedExample[]> {
  // Found by their ids and locked before the conditions are looked at: OFFSET 0 keeps the planner from going by status.
  const { rows } = await sql<CopiedExample>`
    SELECT x.*, EXISTS (
      SELECT 1 FROM expert_annotations a
      WHERE a.organization_id = x.organization_id AND a.learning_example_id = x.id AND a.is_verified
        AND a.decision = 'approve' AND a.verified_by <> a.expert_id) AS is_human_verified
    FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS wanted(id, place)
    CROSS JOIN LATERAL (
      SELECT * FROM learning_examples e
      WHERE e.organization_id = ${ctx.organizationId} AND e.id = wanted.id OFFSET 0 FOR SHARE
    ) AS x
    WHERE ${qualifies(ctx, query)}
    ORDER BY wanted.place`.execute(ctx.tx);
  return rows;
}

/** Approved examples of an agent that a detector holds back. */
export async function countHeldBack(ctx: TenantContext, agentId: string): Promise<number> {
  const { rows } = await sql<{ held: number }>`
    SELECT count(*)::int AS held FROM learning_examples
    WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId} AND quarantine = 'held'
      AND review_status = 'approved'`.execute(ctx.tx);
  return rows[0]?.held ?? 0;
}

export async function deleteItems(ctx: TenantContext, datasetId: string): Promise<void> {
  await ctx.tx
    .deleteFrom("training_dataset_items")
    .where("organization_id", "=", ctx.organizationId)
    .where("dataset_id", "=", datasetId)
    .execute();
}

export interface NewItem {
  position: number;
  learning_example_id: string;
  split: DatasetSplit;
  group_key: string;
  item: DatasetItemContent;
  item_hash: string;
}

export async function insertItems(
  ctx: TenantContext,
  datasetId: string,
  items: readonly NewItem[],
): Promise<void> {
  await sql`
    INSERT INTO training_dataset_items (organization_id, dataset_id, position, learning_example_id, split, group_key, item, item_hash)
    SELECT ${ctx.organizationId}::uuid, ${datasetId}::uuid, position, learning_example_id, split, group_key, item, item_hash
    FROM json_to_recordset(${JSON.stringify(items)}::json) AS r(
      position int, learning_example_id uuid, split text, group_key text, item jsonb, item_hash text)`.execute(
    ctx.tx,
  );
}

/**
 * Decisions over the agent's examples of a selection that have two reviews or more, whatever became of them: those that
 * annotators rejected belong to the question of how far they agree.
 */
export async function readDecisions(
  ctx: TenantContext,
  agentId: string,
  selection: DatasetSelection,
): Promise<DecisionCounts[]> {
  const { rows } = await sql<DecisionCounts>`
    SELECT approvals, rejections, count(*)::int AS examples FROM (
      SELECT COALESCE(max(alike) FILTER (WHERE decision = 'approve'), 0)::int AS approvals,
        (sum(alike) - COALESCE(max(alike) FILTER (WHERE decision = 'approve'), 0))::int AS rejections
      FROM (SELECT a.learning_example_id, a.decision, count(*) AS alike
      FROM expert_annotations a
      JOIN learning_examples x ON x.organization_id = a.organization_id AND x.id = a.learning_example_id
      WHERE a.organization_id = ${ctx.organizationId} AND a.agent_id = ${agentId} AND a.annotation_type = 'review'
        AND a.gold_agreed IS NULL ${selectionWhere(selection)}
      GROUP BY a.learning_example_id, a.decision, a.annotation_data -> 'preference' -> 'preferred') AS said
      GROUP BY learning_example_id HAVING sum(alike) >= 2) AS doubled
    GROUP BY approvals, rejections`.execute(ctx.tx);
  return rows;
}

/** What a build found out about a dataset. */
export interface DatasetBuild {
  card: DatasetCard;
  domains: string[];
  taskTypes: string[];
  splitSalt: string;
  splitCounts: SplitShares;
  contentHash: string;
}

export async function writeBuild(
  ctx: TenantContext,
  id: string,
  build: DatasetBuild,
  freeze: boolean,
): Promise<DatasetRow> {
  const { card } = build;
  return ctx.tx
    .updateTable("training_datasets")
    .set({
      domains: json(build.domains),
      task_types: json(build.taskTypes),
      total_examples: Object.values(card.counts).reduce((sum, count) => sum + count, 0),
      positive_examples: card.counts.positive,
      negative_examples: card.counts.negative,
      correction_examples: card.counts.correction,
      avg_quality_score: card.quality.mean,
      human_verified_percentage: card.verified.share === null ? null : card.verified.share * 100,
      agreement: card.agreement.percent,
      doubly_annotated: card.agreement.examples,
      split_salt: build.splitSalt,
      split_counts: json(build.splitCounts),
      card: json(card),
      ...(freeze
        ? { status: "frozen", content_hash: build.contentHash, frozen_at: sql<Date>`learning_now()` }
        : {}),
      revision: sql<number>`revision + 1`,
      updated_at: sql<Date>`learning_now()`,
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function archive(ctx: TenantContext, id: string): Promise<DatasetRow> {
  return ctx.tx
    .updateTable("training_datasets")
    .set({ status: "archived", revision: sql<number>`revision + 1`, updated_at: sql<Date>`learning_now()` })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
