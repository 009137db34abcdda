import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withSystem } from "../../database/index.ts";
import { evidenceObservers } from "../../evidence-observers.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import type { GuardrailState } from "../guardrails/index.ts";
import { forgetLateChanges } from "./forget-late-changes.ts";
import { rolloutActions, type Setting } from "./rollout-actions.testing.ts";

const LATENCY = { guardrails: { required: ["latency"] } };
const latency = (random: { uniform(): number }): number => 200 + 100 * random.uniform();

describeEachEngine("evidence over a rollout's life", (suite) => {
  let api: TestApi;
  const { started, command, read, send, sweep } = rolloutActions(
    () => api,
    () => suite.database,
  );
  beforeAll(() => {
    api = createTestApi(suite.database, { evidenceObservers });
  });
  afterAll(() => api.close());

  const query = async <T>(statement: ReturnType<typeof sql<T>>): Promise<T[]> =>
    (await withSystem(suite.database.kysely, (tx) => statement.execute(tx))).rows;
  const notes = async ({ rollout }: Setting): Promise<number> =>
    (
      await query(
        sql<{ n: number }>`SELECT count(*)::int AS n FROM unit_changes WHERE subject_id = ${rollout.id}`,
      )
    )[0]?.n ?? 0;
  const stored = async ({ rollout }: Setting): Promise<GuardrailState> =>
    (
      await query(
        sql<{ guardrails: GuardrailState }>`SELECT guardrails FROM rollouts WHERE id = ${rollout.id}`,
      )
    )[0]?.guardrails as GuardrailState;
  const closed = async ({ rollout }: Setting): Promise<number> =>
    (
      await query(sql<{ n: number }>`SELECT count(*)::int AS n FROM unit_metrics
        WHERE subject_id = ${rollout.id} AND metric = 'latency_ms' AND arm = 'control' AND closed_at IS NOT NULL`)
    )[0]?.n ?? 0;

  it("control units are counted as they enter, also from a state that did not know their number", async () => {
    const setting = await started(LATENCY);
    const arms = { candidate: { units: 40, latency }, control: { units: 170, latency } };
    for (const prefix of ["a", "b"]) {
      await send(setting, arms, { prefix });
      await sweep(setting);
      const { rises } = await stored(setting);
      expect(rises["latency"]?.entered).toBe(await closed(setting));
    }
    const { rises } = await stored(setting);
    expect(rises["latency"]).toMatchObject({ entered: 340, seen: { limit: expect.any(Number) as number } });
    // As it was stored before it was kept.
    await query(
      sql`UPDATE rollouts SET guardrails = guardrails #- '{rises,latency,entered}' WHERE id = ${setting.rollout.id}`,
    );
    await send(setting, arms, { prefix: "c" });
    await sweep(setting);
    expect((await stored(setting)).rises["latency"]?.entered).toBe(510);
    // What entered is known by the state alone: rows that are gone are not counted again.
    await query(
      sql`DELETE FROM unit_metrics WHERE subject_id = ${setting.rollout.id} AND arm = 'control' AND closed_at IS NOT NULL`,
    );
    await send(setting, { control: { units: 5, latency } }, { prefix: "d" });
    await sweep(setting);
    expect((await stored(setting)).rises["latency"]?.entered).toBe(515);
  });

  it("what is noted after a rollout has ended is dropped, and of others nothing; the units keep it", async () => {
    const [ended, running] = [await started(), await started()];
    const arms = { candidate: { units: 10, errorRate: 0 }, control: { units: 10, errorRate: 0 } };
    await send(ended, arms, { prefix: "before" });
    expect((await command(ended.organization, ended.rollout.id, "abort")).status).toBe(200);
    const verdict = await read(ended);
    await send(ended, arms, { prefix: "late" });
    await send(running, arms, { prefix: "now" });
    expect(await notes(ended)).toBeGreaterThan(0);
    const waiting = await notes(running);
    expect(waiting).toBeGreaterThan(0);
    for (const { organization } of [ended, running])
      await forgetLateChanges.sweep(api.services, organization.id);
    expect([await notes(ended), await notes(running)]).toEqual([0, waiting]);
    expect(await read(ended)).toEqual(verdict);
    const units = await query(
      sql<{ n: number }>`SELECT count(*)::int AS n FROM unit_metrics WHERE subject_id = ${ended.rollout.id}
        AND metric = 'error_rate'`,
    );
    expect(units[0]?.n).toBe(40);
    await sweep(running);
    expect(await notes(running)).toBe(0);
  });
});
