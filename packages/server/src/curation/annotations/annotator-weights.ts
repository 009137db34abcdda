import { type GoldRecord, trustWeight } from "@agent-learning/learning";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

/** Answers to gold that count: people change. */
export const NEWEST_GOLD = 200;
/** Nobody counts nothing: where all fail, their scores are still told apart. */
const LEAST = 0.02;

/** How often each person agreed with known answers, of their newest 200, whatever agent they were about. */
export async function readGoldRecords(
  ctx: TenantContext,
  userIds: readonly string[],
): Promise<Map<string, GoldRecord>> {
  const { rows } = await sql<GoldRecord & { user_id: string }>`
    SELECT p.id AS user_id, n.agreed, n.disagreed FROM unnest(${[...new Set(userIds)]}::uuid[]) AS p(id)
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE gold_agreed)::int AS agreed, count(*) FILTER (WHERE NOT gold_agreed)::int AS disagreed
      FROM (SELECT gold_agreed FROM expert_annotations
        WHERE organization_id = ${ctx.organizationId} AND expert_id = p.id AND gold_agreed IS NOT NULL
        ORDER BY id DESC LIMIT ${NEWEST_GOLD}) AS newest) AS n`.execute(ctx.tx);
  return new Map(rows.map(({ user_id, agreed, disagreed }) => [user_id, { agreed, disagreed }]));
}

/** What a person's word counts beside a newcomer's, which is 1: up to 2 for who always agrees with gold, next to nothing for a coin. */
export function weightOfRecord(record: GoldRecord): number {
  const newcomer = trustWeight({ agreed: 0, disagreed: 0 });
  return Math.max(LEAST, trustWeight(record) / newcomer);
}

/** Weights of people by id. */
export async function readWeights(
  ctx: TenantContext,
  userIds: readonly string[],
): Promise<Map<string, number>> {
  const records = await readGoldRecords(ctx, userIds);
  return new Map([...records].map(([id, record]) => [id, weightOfRecord(record)]));
}
