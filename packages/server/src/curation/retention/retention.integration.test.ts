import { sql } from "kysely";
import { afterEach, expect, it } from "vitest";
import { json } from "../../database/index.ts";
import { examplesFromEvidence } from "../examples/index.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { annotate, type Desk, openDesk, storeExecution, storeFeedback } from "../curation.testing.ts";
import { OPEN_ANNOTATIONS, readGauges } from "../statistics/index.ts";
import { retentionSchedule } from "./empty-old-evidence.ts";

const POLICY = {
  training: { annotation_overlap: 1, double_annotation_share: 0 },
  privacy: { retention_days: 30 },
};

/** An execution with a correction of it, and the example that it made. */
async function evidence(desk: Desk, text: string, days = 0): Promise<string> {
  const created_at = new Date(Date.now() + days * 86_400_000);
  const execution = await storeExecution(desk, {
    created_at,
    input_text: `asked ${text}`,
    output_text: `said ${text}`,
    metadata: { text },
  });
  const after = await storeFeedback(desk, execution, {
    created_at,
    feedback_type: "correction",
    correction_text: `better ${text}`,
    feedback_text: `because ${text}`,
  });
  await desk.as("secret").transact(async (ctx) => {
    await examplesFromEvidence.feedbackChanged?.(ctx, [{ execution, before: null, after }]);
    await ctx.tx
      .insertInto("retrievals")
      .values({
        organization_id: desk.organization.id,
        id: execution.id,
        agent_id: desk.agentId,
        execution_id: execution.id,
        execution_external_id: execution.external_id,
        query_text: `looked for ${text}`,
        chunks: json([]),
        excerpts: json({ chunk: `says ${text}` }),
      })
      .execute();
  });
  const { rows } = await desk
    .as("secret")
    .transact((ctx) =>
      sql<{ id: string }>`SELECT id FROM learning_examples WHERE source_feedback_id = ${after.id}`.execute(
        ctx.tx,
      ),
    );
  return rows[0]?.id ?? "";
}

async function texts(desk: Desk): Promise<string> {
  return desk.as("secret").transact(async (ctx) => {
    const found: string[] = [];
    for (const table of [
      "agent_executions",
      "agent_feedback",
      "agent_feedback_history",
      "retrievals",
      "learning_examples",
      "expert_annotations",
      "audit_log",
    ]) {
      const { rows } = await sql<{
        text: string;
      }>`SELECT to_jsonb(t)::text AS text FROM ${sql.table(table)} t`.execute(ctx.tx);
      found.push(...rows.map(({ text }) => text));
    }
    return found.join("\n");
  });
}

describeEachEngine("retention", (suite) => {
  afterEach(() => setClock(suite.database, "0"));

  it("empties what is older than the policy keeps, and what was made of it and not approved", async () => {
    const desk = await openDesk(suite.database, { policy: POLICY });
    const other = await openDesk(suite.database, { policy: { training: POLICY.training } });
    const pending = await evidence(desk, "old-pending");
    const approved = await evidence(desk, "old-approved");
    await annotate(desk.as("annotator"), approved);
    const rejected = await evidence(desk, "old-rejected");
    await annotate(desk.as("annotator"), rejected, { decision: "reject", notes: "note old-rejected" });
    await evidence(other, "old-elsewhere");
    await setClock(suite.database, "29 days");
    await evidence(desk, "young", 29);
    const sweep = async (): Promise<void> => {
      for (const { organization } of [desk, other])
        await retentionSchedule.sweep(desk.services, organization.id);
    };
    await sweep();
    expect(await texts(desk)).toContain("old-pending");

    await setClock(suite.database, "31 days");
    await sweep();
    const left = await texts(desk);
    expect(left).not.toContain("old-pending");
    expect(left).not.toContain("old-rejected");
    expect(left).toContain("young");
    // People took it over: the example stays, its evidence is gone.
    expect(left.match(/old-approved/g)?.length).toBe(3);
    expect(left).toContain('"evidence.expired"');
    expect(await texts(other)).toContain("old-elsewhere");
    const state = await desk.as("viewer").transact(async (ctx) => {
      const { rows } = await sql<{ id: string; review_status: string; is_active: boolean }>`
        SELECT id, review_status, is_active FROM learning_examples`.execute(ctx.tx);
      const open = await sql<{ count: number }>`SELECT count(*)::int AS count FROM annotation_tasks
        WHERE status IN ('waiting', 'open', 'claimed')`.execute(ctx.tx);
      const gauges = await readGauges(ctx, [OPEN_ANNOTATIONS]);
      const votes = await sql<{ count: number }>`SELECT count(*)::int AS count FROM agent_feedback`.execute(
        ctx.tx,
      );
      return {
        of: (id: string) => rows.find((row) => row.id === id),
        open: open.rows[0]?.count,
        counted: [...gauges.values()].reduce((sum, count) => sum + count, 0),
        votes: votes.rows[0]?.count,
      };
    });
    expect(state.of(pending)).toMatchObject({ review_status: "withdrawn", is_active: false });
    expect(state.of(approved)).toMatchObject({ review_status: "approved", is_active: true });
    expect(state.of(rejected)).toMatchObject({ review_status: "rejected", is_active: false });
    expect([state.open, state.counted, state.votes]).toEqual([1, 1, 4]);
    const marks = await desk
      .as("viewer")
      .transact((ctx) => ctx.tx.selectFrom("retention_marks").select("emptied_rows").execute());
    expect(marks).toHaveLength(1);
    await sweep();
    expect(
      await desk
        .as("viewer")
        .transact((ctx) => ctx.tx.selectFrom("retention_marks").select("emptied_rows").execute()),
    ).toEqual(marks);
  });

  it("goes through more than one chunk, rows of one moment together", async () => {
    const desk = await openDesk(suite.database, { policy: POLICY });
    await desk.as("secret").transact((ctx) =>
      sql`INSERT INTO agent_executions (organization_id, id, agent_id, external_id, input_text, status, created_at)
        SELECT ${desk.organization.id}::uuid, gen_random_uuid(), ${desk.agentId}::uuid, 'e' || n, 'secret ' || n, 'succeeded',
          learning_now() - interval '40 days' + make_interval(secs => n / 400) FROM generate_series(1, 1300) AS n`.execute(
        ctx.tx,
      ),
    );
    await retentionSchedule.sweep(desk.services, desk.organization.id);
    expect(await texts(desk)).not.toContain("secret");
    const audits = await desk
      .as("viewer")
      .transact((ctx) =>
        ctx.tx.selectFrom("audit_log").select("action").where("action", "=", "evidence.expired").execute(),
      );
    expect(audits.length).toBeGreaterThanOrEqual(2);
  });
});
