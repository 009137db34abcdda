import {
  agentLearningConfig,
  type AgentLearningConfig,
  agentPolicy,
  type AgentPolicy,
  type ExampleType,
} from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { type JsonObject, prepared } from "../../database/index.ts";
import { perServices } from "../../per-services.ts";
import type { ExampleRow } from "./store.ts";

/** Switches and thresholds of an agent. */
export interface AgentSettings {
  config: AgentLearningConfig;
  policy: AgentPolicy;
}

const CACHE_SIZE = 10_000;

// A version of an agent's settings says the same for ever.
const knownSettings = perServices(() => new Map<string, { version: number; settings: AgentSettings }>());

/**
 * @param versions by agent, those that the caller has read in this transaction: what is remembered of such a version is not
 *   asked for again
 */
export async function readAgentSettings(
  ctx: TenantContext,
  agentIds: readonly string[],
  versions: ReadonlyMap<string, number> = new Map(),
): Promise<ReadonlyMap<string, AgentSettings>> {
  const cache = knownSettings(ctx.services);
  const found = new Map<string, AgentSettings>();
  const wanted = [...new Set(agentIds)].filter((id) => {
    const known = cache.get(`${ctx.organizationId} ${id}`);
    if (known === undefined || known.version !== versions.get(id)) return true;
    found.set(id, known.settings);
    return false;
  });
  if (wanted.length === 0) return found;
  const { rows } = await sql<{ id: string; version: number; config: JsonObject; policy: JsonObject }>`
    ${prepared("read_agent_settings")} SELECT id, version, config, policy FROM agents
    WHERE organization_id = ${ctx.organizationId} AND id = ANY(${wanted}::uuid[])`.execute(ctx.tx);
  for (const { id, version, config, policy } of rows) {
    const settings = { config: agentLearningConfig.parse(config), policy: agentPolicy.parse(policy) };
    found.set(id, settings);
    cache.set(`${ctx.organizationId} ${id}`, { version, settings });
  }
  while (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value ?? "");
  return found;
}

/** Of these executions those that failed or say how sure they were, with `metadata.confidence`. */
export async function readDoubtfulExecutions(
  ctx: TenantContext,
  ids: readonly string[],
): Promise<{ id: string; status: string; confidence: unknown }[]> {
  const { rows } = await sql<{ id: string; status: string; confidence: unknown }>`
    SELECT e.id, e.status, e.metadata -> 'confidence' AS confidence FROM unnest(${ids}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT id, status, metadata FROM agent_executions
      WHERE organization_id = ${ctx.organizationId} AND id = wanted.id OFFSET 0) AS e
    WHERE e.status = 'failed' OR e.metadata ? 'confidence'`.execute(ctx.tx);
  return rows;
}

/** An example that feedback made, locked, and what hangs on it. */
export interface FeedbackExample extends ExampleRow {
  is_annotated: boolean;
  /** An item of a dataset that is no longer a draft. */
  is_frozen: boolean;
}

/** The live examples of these feedback rows, by feedback, locked in the order of their ids. */
export async function lockFeedbackExamples(
  ctx: TenantContext,
  feedbackIds: readonly string[],
): Promise<Map<string, FeedbackExample>> {
  if (feedbackIds.length === 0) return new Map();
  const locked = await sql<{ id: string }>`
    SELECT id FROM learning_examples
    WHERE organization_id = ${ctx.organizationId} AND source_feedback_id = ANY(${feedbackIds}::uuid[]) AND is_active
    ORDER BY id FOR UPDATE`.execute(ctx.tx);
  // In a statement of its own: what committed while the locks were waited for must be seen.
  const { rows } = await sql<FeedbackExample>`
    SELECT x.*,
      EXISTS (SELECT 1 FROM expert_annotations a
        WHERE a.organization_id = x.organization_id AND a.learning_example_id = x.id) AS is_annotated,
      -- Looked up by the example, however few datasets there are: each of them may hold a million items.
      EXISTS (SELECT 1 FROM (
          SELECT i.dataset_id FROM training_dataset_items i
          WHERE i.organization_id = x.organization_id AND i.learning_example_id = x.id OFFSET 0) AS held
        JOIN training_datasets d ON d.organization_id = x.organization_id AND d.id = held.dataset_id
        WHERE d.status <> 'draft') AS is_frozen
    FROM unnest(${locked.rows.map((row) => row.id)}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT * FROM learning_examples e
      WHERE e.organization_id = ${ctx.organizationId} AND e.id = wanted.id OFFSET 0) AS x
    WHERE x.is_active`.execute(ctx.tx);
  return new Map(rows.map((row) => [row.source_feedback_id ?? "", row]));
}

/** Takes examples out of learning. `withdrawn` ones also leave review; others are items of frozen datasets and stay as they were. */
export async function retireExamples(
  ctx: TenantContext,
  ids: readonly string[],
  withdrawn: boolean,
): Promise<void> {
  if (ids.length === 0) return;
  const status = withdrawn ? sql`, review_status = 'withdrawn'` : sql``;
  await sql`
    UPDATE learning_examples x
    SET is_active = false, version = version + 1, updated_at = learning_now() ${status}
    FROM unnest(${ids}::uuid[]) AS retired(id)
    WHERE x.organization_id = ${ctx.organizationId} AND x.id = retired.id`.execute(ctx.tx);
}

/** Rewrites what an example says, before anybody has judged it. */
export async function rewriteExample(
  ctx: TenantContext,
  id: string,
  content: {
    example_type: ExampleType;
    original_output: string | null;
    expected_output: string;
    priority: number;
  },
): Promise<void> {
  await sql`
    WITH rewritten AS (
      UPDATE learning_examples
      SET example_type = ${content.example_type}, original_output = ${content.original_output},
        expected_output = ${content.expected_output}, version = version + 1, updated_at = learning_now()
      WHERE organization_id = ${ctx.organizationId} AND id = ${id} RETURNING organization_id, id)
    UPDATE annotation_tasks t SET priority = ${content.priority} FROM rewritten x
    WHERE t.organization_id = x.organization_id AND t.learning_example_id = x.id`.execute(ctx.tx);
}
