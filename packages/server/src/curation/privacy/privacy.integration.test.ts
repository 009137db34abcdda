import type { FeedbackStatistics } from "@agent-learning/contract";
import type { DatasetItemContent } from "../datasets/dataset-item.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { candidateObservers } from "../../candidate-observers.ts";
import { databaseError, withSystem, withTenant } from "../../database/index.ts";
import { pinnedCases } from "../../evaluation/regression/index.ts";
import { evidenceObservers } from "../../evidence-observers.ts";
import { experimentObservers } from "../../experiment-observers.ts";
import { jobDefinitions } from "../../job-definitions.ts";
import { createJobQueue } from "../../jobs/create-job-queue.ts";
import type { JobQueue } from "../../jobs/job-queue.ts";
import { createLog } from "../../log.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import { livePersonHistory, type PersonHistory } from "./person-history.testing.ts";
import { PERSONAL_DATA } from "./personal-data.ts";

describeEachEngine("privacy", (context) => {
  let api: TestApi;
  let jobs: JobQueue;
  let organization: TestOrganization;
  let history: PersonHistory;
  const logged: string[] = [];

  beforeAll(async () => {
    const log = createLog("debug", (line) => logged.push(line));
    jobs = createJobQueue({
      database: context.database,
      definitions: jobDefinitions,
      schedules: [],
      log,
      tickMilliseconds: 600_000,
      pollSeconds: 1,
    });
    api = createTestApi(context.database, {
      evidenceObservers,
      candidateObservers,
      experimentObservers,
      pinnedCases,
      jobs,
      log,
    });
    await jobs.start(api.services, { work: true });
    organization = await createTestOrganization(context.database);
    await createTestAgent(context.database, organization.id);
    history = await livePersonHistory(api, organization);
  });
  afterAll(async () => {
    await jobs?.stop();
    await api?.close();
  });

  /** Tables of ours and of the job queue, with the number of rows in which the text stands anywhere. */
  async function find(text: string): Promise<Map<string, number>> {
    return withSystem(context.database.kysely, async (tx) => {
      await sql`RESET ROLE`.execute(tx);
      const tables = await sql<{ name: string }>`SELECT c.oid::regclass::text AS name FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`.execute(
        tx,
      );
      const found = new Map<string, number>();
      for (const { name } of tables.rows) {
        const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM ${sql.raw(name)} t
          WHERE position(${text} IN t::text) > 0`.execute(tx);
        if ((rows[0]?.n ?? 0) > 0) found.set(name, rows[0]?.n ?? 0);
      }
      expect(tables.rows.some(({ name }) => name.startsWith("pgboss."))).toBe(true);
      return found;
    });
  }

  const both = async (): Promise<string[]> => [
    ...new Set([...(await find(history.mark)).keys(), ...(await find(history.person)).keys()]),
  ];
  const call = <T = Record<string, unknown>>(
    method: "GET" | "POST" | "DELETE",
    path: string,
    body?: unknown,
  ) => api.call<T>(organization, method, path, body === undefined ? {} : { body });

  it("finds a person all over the database, and gives out every row of it", async () => {
    const places = await both();
    // As many kinds of rows as the history makes; each of them is known to hold personal data.
    expect(places.length).toBeGreaterThanOrEqual(16);
    const response = await api.server.inject({
      url: `/api/learning/persons/${history.person}/export`,
      headers: { authorization: `Bearer ${organization.members.admin.key}` },
    });
    expect(response.headers["content-type"]).toContain("application/x-ndjson");
    const lines = response.body
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { table: string; row: Record<string, unknown> });
    const given = new Set(lines.map(({ table }) => table));
    expect(places.filter((table) => !given.has(table))).toEqual([]);
    for (const table of [
      "agent_executions",
      "agent_feedback",
      "learning_examples",
      "training_dataset_items",
    ]) {
      const own = lines.filter(
        (line) => line.table === table && JSON.stringify(line.row).includes(history.mark),
      );
      expect(own.length, table).toBe((await find(history.mark)).get(table));
    }
    expect(response.body).not.toContain("organization_id");
    expect(response.body).not.toContain("key_hash");
    // What others said in the same run, dataset or version is not this person's to have.
    expect(response.body).not.toContain(history.otherMark);
  });

  it("is for admins, about persons of their own organization", async () => {
    const other = await createTestOrganization(context.database);
    for (const path of [`/persons/${history.person}/export`, `/persons/nobody/export`]) {
      expect((await api.call(other, "GET", path)).status).toBe(404);
    }
    expect((await api.call(other, "DELETE", `/persons/${history.person}`)).status).toBe(404);
    const asReviewer = await api.call(organization, "DELETE", `/persons/${history.person}`, {
      as: "reviewer",
    });
    expect(asReviewer.status).toBe(403);
  });

  it("lets nobody but an erasure change a frozen dataset", async () => {
    const change = withTenant(context.database.kysely, organization.id, (tx) =>
      tx
        .updateTable("training_dataset_items")
        .set({ group_key: "x" })
        .where("dataset_id", "=", history.datasetId)
        .execute(),
    ).then(
      () => undefined,
      (error: unknown) => databaseError(error)?.code,
    );
    expect(await change).toBe("23001");
  });

  describe("after the erasure", () => {
    let votes: FeedbackStatistics;
    let others: Map<string, number>;
    let erased: Record<string, number>;
    let gauge: number;
    const statistics = async (): Promise<FeedbackStatistics> =>
      (await call<FeedbackStatistics>("GET", "/feedback/stats/my-agent?days=30")).body;
    const pending = async (): Promise<number> =>
      (await call<{ pending_annotations: number }>("GET", "/stats")).body.pending_annotations;

    beforeAll(async () => {
      votes = await statistics();
      others = await find(history.otherMark);
      gauge = await pending();
      const answer = await call<{ erased: Record<string, number> }>("DELETE", `/persons/${history.person}`);
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      erased = answer.body.erased;
    });

    it("neither their id nor a word of theirs is left in any table, the job queue's included", async () => {
      expect(await find(history.mark)).toEqual(new Map());
      expect(await find(history.person)).toEqual(new Map());
    });

    it("nothing of them is in the log", () => {
      expect(logged.filter((line) => line.includes(history.mark) || line.includes(history.person))).toEqual(
        [],
      );
    });

    it("counts and votes are what they were, and nobody else lost a word", async () => {
      const { held, ...rest } = votes;
      // What still waited for its execution is gone: nobody could own it when that comes.
      const after = await statistics();
      expect(after).toEqual({ ...rest, held: { ...held, waiting: held.waiting - 1 } });
      expect(await find(history.otherMark)).toEqual(others);
    });

    it("says how many rows of which table it changed", () => {
      expect(Object.keys(erased).sort()).toEqual(
        expect.arrayContaining([
          "agent_executions",
          "agent_feedback",
          "learning_examples",
          "training_dataset_items",
          "users",
        ]),
      );
      expect(erased.users).toBe(1);
    });

    it("the frozen dataset keeps its hash and its places; theirs are empty and in no supervised export", async () => {
      const dataset = await call<{ status: string; total_examples: number }>(
        "GET",
        `/datasets/by-id/${history.datasetId}`,
      );
      expect(dataset.body.status).toBe("frozen");
      const lines = async (format: string): Promise<{ item: DatasetItemContent | { erased: true } }[]> => {
        const response = await api.server.inject({
          url: `/api/learning/datasets/${history.datasetId}/export?format=${format}`,
          headers: { authorization: `Bearer ${organization.members.admin.key}` },
        });
        expect(response.statusCode).toBe(200);
        return response.body
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as { item: { erased: true } });
      };
      const items = await lines("jsonl");
      expect(items).toHaveLength(dataset.body.total_examples);
      const empty = items.filter(({ item }) => "erased" in item).length;
      expect(empty).toBeGreaterThan(0);
      expect((await lines("chat")).length).toBeLessThanOrEqual(items.length - empty);
    });

    it("their demonstrations left every version, and others' stayed", async () => {
      const version = await call<{ config: { demonstrations: { input: string }[] } }>(
        "GET",
        `/agents/my-agent/versions/${history.versionId}`,
      );
      const { demonstrations } = version.body.config;
      expect(demonstrations.length).toBeGreaterThan(0);
      expect(demonstrations.every(({ input }) => input.includes(history.otherMark))).toBe(true);
    });

    it("nobody is asked to annotate what is gone, and the count of what is open is right", async () => {
      const queue = await call<{ data: { learning_example_id: string }[] }>(
        "GET",
        "/annotations/queue?limit=200&state=all",
      );
      const waiting = queue.body.data.map((task) => task.learning_example_id);
      expect(waiting.filter((id) => history.exampleIds.includes(id))).toEqual([]);
      expect(gauge).toBeGreaterThan(0);
      expect(await pending()).toBe(waiting.length);
    });

    it("the audit log says who erased whom, and is whole", async () => {
      const audit = await call<{ data: { action: string; data: { rows: Record<string, number> } }[] }>(
        "GET",
        "/audit?limit=1",
      );
      expect(audit.body.data[0]).toMatchObject({ action: "person.erased", data: { rows: erased } });
      expect((await call("GET", "/audit/verification")).body.intact).toBe(true);
    });

    it("the person is unknown, and would be a new one", async () => {
      expect((await call("GET", `/persons/${history.person}/export`)).status).toBe(404);
      const again = await call("POST", "/executions", {
        agent_id: "my-agent",
        execution_id: "back-again",
        user_id: history.person,
        input_text: "hello",
        status: "succeeded",
      });
      expect(again.status).toBe(201);
      expect((await find(history.person)).get("users")).toBe(1);
    });
  });

  describe("of a member", () => {
    it("takes their keys and their place, and never the last admin", async () => {
      const own = await createTestOrganization(context.database);
      const { admin, reviewer } = own.members;
      const erase = (id: string) => api.call(own, "DELETE", `/persons/${id}`);
      expect((await erase(admin.id)).status).toBe(409);
      expect((await api.call(own, "GET", "/agents", { as: "reviewer" })).status).toBe(200);
      expect((await erase(reviewer.id)).status).toBe(200);
      expect((await api.call(own, "GET", "/agents", { as: "reviewer" })).status).toBe(401);
      expect(await find(reviewer.email)).toEqual(new Map());
      const key = await api.call(own, "POST", "/api-keys", {
        body: { kind: "user", name: "x", user_id: reviewer.id },
      });
      expect(key.status).toBe(422);
    });
  });

  it("knows every table of the database and no other", async () => {
    const { rows } = await sql<{ name: string }>`SELECT relname::text AS name FROM pg_class
      WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY 1`.execute(
      context.database.kysely,
    );
    expect(Object.keys(PERSONAL_DATA).sort()).toEqual(rows.map(({ name }) => name).sort());
  });
});
