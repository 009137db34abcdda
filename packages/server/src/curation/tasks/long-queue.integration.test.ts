import { sql } from "kysely";
import { beforeAll, expect, it } from "vitest";
import type { Context, TenantContext } from "../../context.ts";
import { withSystem } from "../../database/index.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { annotationQueueStatistics, claimAnnotation, listAnnotationQueue } from "../annotations/index.ts";
import { type Desk, openDesk } from "../curation.testing.ts";

const SIZE = 12_000;

// The counters are the session's: what it read so far, from the table's indexes and by scans.
async function readSoFar(ctx: TenantContext): Promise<number> {
  const { rows } = await sql<{ read: number }>`
    SELECT (SELECT COALESCE(SUM(pg_stat_get_xact_tuples_returned(indexrelid)), 0) FROM pg_index
        WHERE indrelid = 'annotation_tasks'::regclass)::int
      + pg_stat_get_xact_tuples_returned('annotation_tasks'::regclass)::int AS read`.execute(ctx.tx);
  return rows[0]?.read ?? Number.NaN;
}

/** Rows of the table and entries of its indexes that the work read. */
function rowsRead(person: Context, work: (ctx: TenantContext) => Promise<unknown>): Promise<number> {
  return person.transact(async (ctx) => {
    const before = await readSoFar(ctx);
    await work(ctx);
    return (await readSoFar(ctx)) - before;
  });
}

// No statistics are gathered here: the plans must be right without, as they must be on PGlite and just after an import.
describeEachEngine("a long annotation queue", (suite) => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk(suite.database);
    const organization = desk.organization.id;
    const { annotator } = desk.organization.members;
    await withSystem(suite.database.kysely, async (tx) => {
      await sql`
        INSERT INTO learning_examples (organization_id, id, agent_id, example_type, input_context, input_text, expected_output,
          source_type, group_key, review_status)
        SELECT ${organization}::uuid, ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${desk.agentId}::uuid,
          'positive', '{}', 'question', 'answer', 'import', 'g' || n, CASE WHEN n % 3 = 0 THEN 'in_review' ELSE 'pending' END
        FROM generate_series(1, ${SIZE}::int) AS n`.execute(tx);
      // A third has been annotated by one person and waits for a second.
      await sql`
        INSERT INTO annotation_tasks (organization_id, id, learning_example_id, agent_id, slot, status, priority, claimed_by)
        SELECT x.organization_id, md5(x.id::text || slot)::uuid, x.id, x.agent_id, slot,
          CASE WHEN x.review_status = 'pending' THEN (CASE slot WHEN 1 THEN 'open' ELSE 'waiting' END)
            ELSE (CASE slot WHEN 1 THEN 'completed' ELSE 'open' END) END, 10,
          CASE WHEN x.review_status = 'in_review' AND slot = 1 THEN ${annotator.id}::uuid END
        FROM learning_examples x CROSS JOIN generate_series(1, 2) AS slot WHERE x.organization_id = ${organization}`.execute(
        tx,
      );
    });
  });

  it("is claimed from without walking it", async () => {
    const claim = (ctx: TenantContext): Promise<unknown> =>
      claimAnnotation({ ctx, input: { lease_seconds: 60 } });
    // Looks at a window of what others have begun, then at a window of fresh ones: 200 places, 200 tasks, twice, and a few.
    expect(await rowsRead(desk.as("annotator"), claim)).toBeLessThan(1_500);
    expect(await rowsRead(desk.as("reviewer"), claim)).toBeLessThan(1_500);
    const none = (ctx: TenantContext): Promise<unknown> =>
      claimAnnotation({ ctx, input: { lease_seconds: 60, example_type: "correction" } });
    expect(await rowsRead(desk.as("reviewer"), none)).toBeLessThan(100);
    const adjudication = (ctx: TenantContext): Promise<unknown> =>
      claimAnnotation({ ctx, input: { lease_seconds: 60, kind: "adjudication", agent_id: "my-agent" } });
    expect(await rowsRead(desk.as("reviewer"), adjudication)).toBeLessThan(100);
  });

  it("is listed page by page without walking it", async () => {
    const list =
      (input: object) =>
      (ctx: TenantContext): Promise<unknown> =>
        listAnnotationQueue({ ctx, input: { limit: 50, state: "claimable", ...input } });
    for (const input of [{}, { agent_id: "my-agent" }, { example_type: "positive", agent_id: "my-agent" }])
      expect(await rowsRead(desk.as("viewer"), list(input))).toBeLessThan(200);
    const last = await desk
      .as("viewer")
      .transact((ctx) => listAnnotationQueue({ ctx, input: { limit: 200, state: "claimable" } }));
    expect(await rowsRead(desk.as("viewer"), list({ cursor: last.next_cursor }))).toBeLessThan(200);
  });

  it("is counted without walking it", async () => {
    const statistics = (ctx: TenantContext): Promise<unknown> =>
      annotationQueueStatistics({ ctx, input: {} });
    expect(await rowsRead(desk.as("viewer"), statistics)).toBeLessThan(100);
  });
});
