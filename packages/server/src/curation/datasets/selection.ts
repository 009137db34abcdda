import type { DatasetSelection } from "@agent-learning/contract";
import { type RawBuilder, sql } from "kysely";

/** What a selection says about an example `x` beside its quality, its review and its number: SQL to put after a WHERE. */
export function selectionWhere(selection: DatasetSelection): RawBuilder<unknown> {
  const conditions = [
    selection.example_types === undefined
      ? undefined
      : sql`AND x.example_type = ANY(${selection.example_types})`,
    selection.domains === undefined ? undefined : sql`AND x.domain = ANY(${selection.domains})`,
    selection.task_types === undefined ? undefined : sql`AND x.task_type = ANY(${selection.task_types})`,
    selection.tags === undefined ? undefined : sql`AND x.tags ?| ${selection.tags}::text[]`,
    selection.created_after === undefined
      ? undefined
      : sql`AND x.created_at >= ${selection.created_after}::timestamptz`,
    selection.created_before === undefined
      ? undefined
      : sql`AND x.created_at < ${selection.created_before}::timestamptz`,
  ];
  return sql.join(
    conditions.filter((condition) => condition !== undefined),
    sql` `,
  );
}
