import type { QueueFilter } from "@agent-learning/contract";
import { type RawBuilder, sql } from "kysely";

/** What a filter says about an example `x`: SQL to put after a WHERE. */
export function matchesQueue(filter: QueueFilter): RawBuilder<unknown> {
  const conditions = [
    filter.example_types === undefined ? undefined : sql`AND x.example_type = ANY(${filter.example_types})`,
    filter.domains === undefined ? undefined : sql`AND x.domain = ANY(${filter.domains})`,
    filter.task_types === undefined ? undefined : sql`AND x.task_type = ANY(${filter.task_types})`,
    filter.tags === undefined ? undefined : sql`AND x.tags ?| ${filter.tags}::text[]`,
    filter.source_types === undefined ? undefined : sql`AND x.source_type = ANY(${filter.source_types})`,
    filter.max_confidence === undefined
      ? undefined
      : sql`AND x.confidence_score <= ${filter.max_confidence}::numeric`,
  ];
  return sql.join(
    conditions.filter((condition) => condition !== undefined),
    sql` `,
  );
}
