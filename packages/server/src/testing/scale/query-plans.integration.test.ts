import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, hasPostgres, type TestDatabase } from "../test-database.ts";
import { checkCalls, checkSweeps } from "./check-plans.ts";
import { fillDatabase } from "./fill-database.ts";
import { openScaleApi, type ScaleApi } from "./scale-api.ts";
import { SCALE_CALLS } from "./scale-calls.ts";

// Enough that a question without an index stands out from those with one; benchmarks/query-plans.ts asks at a million.
const ROWS = 20_000;
// Few rows are sooner read than looked up: what is asked here is whether there is an index to look them up by.
const PREFER_INDEXES = { enable_seqscan: "off", enable_hashjoin: "off", enable_mergejoin: "off" };
const AVOIDED = { seqScansAvoided: true };

describe.skipIf(!hasPostgres())("plans of the API's questions", () => {
  let testDatabase: TestDatabase;
  let url: string;
  let api: ScaleApi;

  beforeAll(async () => {
    testDatabase = await createTestDatabase("postgresql");
    url = testDatabase.options.databaseUrl ?? "";
    await fillDatabase(url, { rows: ROWS });
    api = await openScaleApi(url, PREFER_INDEXES);
  });
  afterAll(async () => {
    await api?.close();
    await testDatabase?.drop();
  });

  it("have an index that reaches their rows, on every page", async () => {
    const findings = [...(await checkCalls(api, SCALE_CALLS, AVOIDED)), ...(await checkSweeps(api, AVOIDED))];
    expect(
      findings.flatMap(({ complaints }) => complaints),
      "Give the query an index, in a migration, or ask it another way. benchmarks/query-plans.ts shows it at a million rows.",
    ).toEqual([]);
    expect(findings.filter(({ statements }) => statements === 0).map(({ name }) => name)).toEqual([]);
  });

  it("are complained of when an index is missing", async () => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query("DROP INDEX agent_feedback_withdrawn, audit_log_entity");
    await client.end();
    const calls = SCALE_CALLS.filter(({ operationId }) =>
      ["listFeedback", "listAudit"].includes(operationId),
    );
    const complained = (await checkCalls(api, calls, AVOIDED)).filter(
      ({ complaints }) => complaints.length > 0,
    );
    expect(complained.map(({ name }) => name)).toEqual([
      "listAudit entity_id=…",
      "listFeedback status=withdrawn",
    ]);
  });
});
