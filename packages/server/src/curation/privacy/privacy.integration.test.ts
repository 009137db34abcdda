import type {
  AgentVersion,
  DatasetDetail,
  DatasetLineage,
  FeedbackStatistics,
  VersionLineage,
} from "@agent-learning/contract";
import { contentHash } from "../../administration/versions/index.ts";
import type { DatasetItemContent } from "../datasets/dataset-item.ts";
import { MerkleTree } from "../datasets/merkle-tree.ts";
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

  /** The content hash, computed from what a dataset exports, and the splits of the items that are there. */
  async function rootOf(
    datasetId: string,
  ): Promise<{ root: string; erased: number; items: Map<string, string> }> {
    const response = await api.server.inject({
      url: `/api/learning/datasets/${datasetId}/export?format=jsonl`,
      headers: { authorization: `Bearer ${organization.members.admin.key}` },
    });
    const tree = new MerkleTree();
    const items = new Map<string, string>();
    let erased = 0;
    for (const line of response.body.trimEnd().split("\n")) {
      const row = JSON.parse(line) as { split: string; item: { learning_example_id?: string } };
      tree.append(Buffer.from(`${contentHash(row.item)} ${row.split}`));
      if (row.item.learning_example_id === undefined) erased += 1;
      else items.set(row.item.learning_example_id, row.split);
    }
    return { root: tree.root(), erased, items };
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

    it("what they said counts no more, what the agent did still does, and nobody else lost a word", async () => {
      const after = await statistics();
      // Both said the same, and the other one gave a vote more.
      expect(after).toMatchObject({
        executions: votes.executions,
        feedback: (votes.feedback + 1) / 2,
        votes: (votes.votes + 1) / 2,
        corrections: votes.corrections / 2,
        withdrawn: votes.withdrawn / 2,
        held: { waiting: votes.held.waiting / 2, received: votes.held.received / 2 },
      });
      const left = await find(history.otherMark);
      // Theirs are also in the dataset that follows, once that is built.
      expect(left.get("training_dataset_items")).toBeGreaterThanOrEqual(
        others.get("training_dataset_items") ?? 0,
      );
      for (const places of [left, others]) places.delete("training_dataset_items");
      expect(left).toEqual(others);
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

    it("the frozen dataset keeps its places and is put away; theirs are empty and in no supervised export", async () => {
      const dataset = await call<{ status: string; total_examples: number }>(
        "GET",
        `/datasets/by-id/${history.datasetId}`,
      );
      expect(dataset.body.status).toBe("archived");
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

    it("what is left can be verified by its hash, and so can the version that follows, which says why it is there", async () => {
      const old = (await call<DatasetDetail>("GET", `/datasets/by-id/${history.datasetId}`)).body;
      const before = await rootOf(old.id);
      expect(before).toMatchObject({ root: old.content_hash, erased: old.erased_items });
      expect(old.erased_items).toBeGreaterThan(0);
      expect(old.original_content_hash).toMatch(/^[0-9a-f]{64}$/);
      expect(old.original_content_hash).not.toBe(old.content_hash);

      const lineage = async () =>
        (await call<DatasetLineage>("GET", `/datasets/${history.datasetId}/lineage`)).body;
      await expect.poll(async () => (await lineage()).superseded_by, { timeout: 30_000 }).not.toBeNull();
      const next = (await lineage()).superseded_by;
      expect(next).toMatchObject({ version: "2", status: "frozen", reason: "erasure" });
      const successor = (await call<DatasetDetail>("GET", `/datasets/by-id/${next?.dataset_id}`)).body;
      expect(successor).toMatchObject({
        name: old.name,
        supersedes_id: old.id,
        erased_items: 0,
        total_examples: old.total_examples - old.erased_items,
        split_salt: old.split_salt,
      });
      const after = await rootOf(successor.id);
      expect(after).toMatchObject({ root: successor.content_hash, erased: 0 });
      // Nobody who stayed is in another split, or another item.
      expect([...after.items].filter(([id, split]) => before.items.get(id) !== split)).toEqual([]);
      expect(after.items.size).toBe(before.items.size);
      expect(
        (await call<DatasetLineage>("GET", `/datasets/${successor.id}/lineage`)).body.supersedes,
      ).toEqual({
        dataset_id: old.id,
        version: old.version,
        reason: "erasure",
        erased_items: old.erased_items,
      });
    });

    it("what was trained from it is marked, and no version is hashed as what it no longer is", async () => {
      const { versions } = (await call<DatasetLineage>("GET", `/datasets/${history.datasetId}/lineage`)).body;
      for (const { evidence_erased_at } of versions) expect(evidence_erased_at).not.toBeNull();
      const carrier = await call<AgentVersion>("GET", `/agents/my-agent/versions/${history.versionId}`);
      expect(carrier.body.evidence_erased_at).not.toBeNull();
      expect(carrier.body.content_hash).toBe(contentHash(carrier.body.config));
      const back = await call<VersionLineage>(
        "GET",
        `/agents/my-agent/versions/${history.versionId}/lineage`,
      );
      expect(back.body.evidence_erased_at).toBe(carrier.body.evidence_erased_at);
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
        "/audit?limit=20",
      );
      expect(audit.body.data.find(({ action }) => action === "person.erased")).toMatchObject({
        action: "person.erased",
        data: { rows: erased },
      });
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
