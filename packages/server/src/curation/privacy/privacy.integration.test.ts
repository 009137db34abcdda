import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { FastifyInstance } from "fastify";
import { composeServer } from "../../compose.ts";
import { json, withSystem, withTenant } from "../../database/index.ts";
import { evidenceObservers } from "../../evidence-observers.ts";
import { newId } from "../../new-id.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import { createTestServices } from "../../testing/test-services.ts";
import { PERSONAL_DATA } from "./personal-data.ts";

describeEachEngine("a person's rights", (context) => {
  let server: FastifyInstance;
  let organization: TestOrganization;
  let agentId: string;
  // Of one test each: what another test left must not be found.
  let person: string;
  let mark: string;

  beforeAll(() => {
    server = composeServer(createTestServices(context.database, { evidenceObservers }));
  });
  afterAll(() => server.close());

  async function call(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<string> {
    const response = await server.inject({
      method,
      url: `/api/learning${path}`,
      headers: {
        authorization: `Bearer ${organization.members.admin.key}`,
        "idempotency-key": newId(),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    expect(response.statusCode, `${method} ${path}: ${response.body}`).toBeLessThan(300);
    return response.body;
  }

  async function tables(): Promise<string[]> {
    const { rows } = await sql<{ name: string }>`SELECT relname AS name FROM pg_class
      WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`.execute(
      context.database.kysely,
    );
    return rows.map(({ name }) => name);
  }

  /** Table → rows of it that hold one of the texts, in whatever column. */
  async function find(...texts: string[]): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    for (const table of await tables()) {
      const { rows } = await sql<{ n: number }>`SELECT COUNT(*)::int AS n FROM ${sql.table(table)} t
        WHERE to_jsonb(t)::text LIKE ANY (${sql`ARRAY[${sql.join(texts.map((text) => `%${text}%`))}]`})`.execute(
        context.database.kysely,
      );
      if ((rows[0]?.n ?? 0) > 0) found[table] = rows[0]?.n ?? 0;
    }
    return found;
  }

  beforeEach(async () => {
    person = `person-${newId()}`;
    mark = `zebra-${newId()}`;
    organization = await createTestOrganization(context.database);
    agentId = await createTestAgent(context.database, organization.id);
    const execution = {
      agent_id: "my-agent",
      input_text: `question ${mark}`,
      output_text: `answer ${mark}`,
      status: "succeeded",
      user_id: person,
    };
    await call("POST", "/executions", {
      ...execution,
      execution_id: "e-1",
      session_id: `session-${mark}`,
      metadata: { note: mark },
    });
    await call("POST", "/feedback", {
      agent_id: "my-agent",
      execution_id: "e-1",
      user_id: person,
      feedback_type: "correction",
      correction_text: `better ${mark}`,
      feedback_text: mark,
      rating: 1,
    });
    await call("POST", "/feedback", {
      agent_id: "my-agent",
      execution_id: "not-yet",
      user_id: person,
      feedback_type: "comment",
      feedback_text: mark,
    });
    await call("POST", "/retrievals", {
      agent_id: "my-agent",
      execution_id: "e-1",
      query: `query ${mark}`,
      chunks: [{ chunk_id: "c", rank: 1 }],
    });
    const example = await context.database.kysely
      .selectFrom("learning_examples")
      .select("id")
      .where("organization_id", "=", organization.id)
      .executeTakeFirstOrThrow();
    await call("POST", "/agents/my-agent/versions", {
      config: {
        runtime: "demonstrations",
        demonstrations: [
          { input: `question ${mark}`, output: `better ${mark}`, example_id: example.id },
          { input: "kept", output: "kept" },
        ],
      },
    });
    await call("POST", "/regression-cases", { agent_id: "my-agent", learning_example_id: example.id });
    await withSystem(context.database.kysely, async (tx) => {
      const dataset = {
        organization_id: organization.id,
        agent_id: agentId,
        id: newId(),
        name: "frozen",
        version: "1",
      };
      await tx.insertInto("training_datasets").values(dataset).execute();
      await tx
        .insertInto("training_dataset_items")
        .values({
          organization_id: organization.id,
          dataset_id: dataset.id,
          position: 0,
          learning_example_id: example.id,
          split: "train",
          group_key: `session:session-${mark}`,
          item: json({ input_text: mark }),
          item_hash: "0".repeat(64),
        })
        .execute();
      await tx
        .updateTable("training_datasets")
        .set({ status: "frozen" })
        .where("id", "=", dataset.id)
        .execute();
    });
  });

  it("include having everything, and nothing of anybody else", async () => {
    await call("POST", "/executions", {
      agent_id: "my-agent",
      execution_id: "e-2",
      input_text: "somebody else's",
      status: "succeeded",
      user_id: "other",
    });
    const lines = (await call("GET", `/persons/${person}/export`)).trim().split("\n");
    const exported = lines.map((line) => JSON.parse(line) as { table: string; row: unknown });
    expect(new Set(exported.map(({ table }) => table))).toEqual(
      new Set([
        "agent_executions",
        "agent_feedback",
        "agent_feedback_holding",
        "agent_versions",
        "idempotency_keys",
        "learning_examples",
        "regression_cases",
        "retrievals",
        "training_dataset_items",
        "users",
      ]),
    );
    expect(JSON.stringify(exported)).not.toContain("somebody else's");
  });

  it("include having it gone: from every table, frozen datasets and versions included", async () => {
    const before = await find(person, mark);
    expect(Object.keys(before).length).toBeGreaterThan(8);
    await call("DELETE", `/persons/${person}`);
    expect(await find(person, mark)).toEqual({});
    const vote = await context.database.kysely
      .selectFrom("agent_feedback")
      .select(["satisfaction", "rating"])
      .where("organization_id", "=", organization.id)
      .executeTakeFirstOrThrow();
    expect(vote).toEqual({ satisfaction: 0, rating: 1 });
    const version = await context.database.kysely
      .selectFrom("agent_versions")
      .select("config")
      .where("organization_id", "=", organization.id)
      .executeTakeFirstOrThrow();
    expect((version.config as { demonstrations: unknown }).demonstrations).toEqual([
      { input: "kept", output: "kept" },
    ]);
  });

  it("leave what is frozen frozen for everybody else", async () => {
    const change = withTenant(context.database.kysely, organization.id, (tx) =>
      tx
        .updateTable("training_dataset_items")
        .set({ group_key: "other" })
        .where("organization_id", "=", organization.id)
        .execute(),
    );
    await expect(change).rejects.toThrow(/frozen/);
  });

  it("cover every table that there is", async () => {
    expect(Object.keys(PERSONAL_DATA).sort()).toEqual(await tables());
  });
});
