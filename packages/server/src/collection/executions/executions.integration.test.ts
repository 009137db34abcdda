import type { Execution, RecordedExecution } from "@agent-learning/contract";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { withTenant } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import type { StoredExecution } from "../evidence-observer.ts";
import { anExecution, readAllCounters, type Page, type Problem } from "../testing-evidence.testing.ts";

type Results = { results: RecordedExecution[] };

describeEachEngine("executions", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  let agentId: string;
  const observed: (readonly StoredExecution[])[] = [];

  beforeAll(() => {
    api = createTestApi(suite.database, {
      evidenceObservers: [{ executionsRecorded: async (_ctx, executions) => void observed.push(executions) }],
    });
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    organization = await createTestOrganization(suite.database);
    agentId = await createTestAgent(suite.database, organization.id);
    observed.length = 0;
  });

  const record = <T>(body: unknown, headers: Record<string, string> = {}) =>
    api.call<T>(organization, "POST", "/executions", { as: "secret", body, headers });
  const countRows = async (): Promise<number> => {
    const { rows } = await withTenant(suite.database.kysely, organization.id, (tx) =>
      sql<{ n: number }>`SELECT count(*) AS n FROM agent_executions`.execute(tx),
    );
    return rows[0]?.n ?? -1;
  };

  it("records one with everything that its caller tells, and gives it back", async () => {
    const execution = anExecution("abc-123", {
      environment: "staging",
      unit_id: "u1",
      session_id: "s1",
      user_id: "person-1",
      input_context: { locale: "de", depth: [1, { a: null }] },
      status: "failed",
      error_type: "timeout",
      error_message: "took too long",
      task_completed: false,
      latency_ms: 1234.5,
      prompt_tokens: 10,
      completion_tokens: 20,
      cost_usd: 0.001234,
      metadata: { model: "m" },
    });
    const recorded = await record<RecordedExecution>(execution);
    expect(recorded).toMatchObject({ status: 201, body: { execution_id: "abc-123", status: "recorded" } });
    const { agent_id: _slug, user_id: _external, ...told } = execution;
    for (const reference of ["abc-123", recorded.body.id]) {
      const found = await api.call<Execution>(organization, "GET", `/executions/my-agent/${reference}`);
      expect(found.body).toMatchObject({ ...told, id: recorded.body.id, agent_id: agentId, split: null });
      expect(found.body.user_id).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it("is idempotent by agent and execution id: a repeated one answers with the first one's id", async () => {
    const first = await record<RecordedExecution>(anExecution("e1"));
    const again = await record<RecordedExecution>(anExecution("e1", { output_text: "something else" }));
    expect(again).toMatchObject({ status: 200, body: { id: first.body.id, status: "duplicate" } });
    await createTestAgent(suite.database, organization.id, { slug: "other-agent" });
    const other = await record<RecordedExecution>(anExecution("e1", { agent_id: "other-agent" }));
    expect(other.body.status).toBe("recorded");
    expect(await countRows()).toBe(2);
    expect(observed.flat()).toHaveLength(2);
  });

  it("answers a batch item by item, repeated ones included", async () => {
    const first = await record<RecordedExecution>(anExecution("e1"));
    const { status, body } = await record<Results>({
      executions: [anExecution("e1"), anExecution("e2"), anExecution("e2"), anExecution("e3")],
    });
    expect(status).toBe(201);
    expect(body.results.map((result) => `${result.execution_id} ${result.status}`)).toEqual([
      "e1 duplicate",
      "e2 recorded",
      "e2 duplicate",
      "e3 recorded",
    ]);
    expect(body.results[0]?.id).toBe(first.body.id);
    expect(body.results[2]?.id).toBe(body.results[1]?.id);
    expect(await countRows()).toBe(3);
  });

  it("takes 500 at a time", async () => {
    const executions = Array.from({ length: 500 }, (_, index) =>
      anExecution(`e${index}`, { user_id: `user-${index % 40}` }),
    );
    const { status, body } = await record<Results>({ executions });
    expect(status).toBe(201);
    expect(new Set(body.results.map((result) => result.id)).size).toBe(500);
    expect(observed.map((batch) => batch.length)).toEqual([500]);
    expect((await record<Problem>({ executions: [...executions, anExecution("e500")] })).status).toBe(400);
  });

  it("records the same executions once, however many callers send them at the same time", async () => {
    const executions = Array.from({ length: 20 }, (_, index) => anExecution(`e${index}`, { user_id: "u" }));
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => record<Results>({ executions: executions.toSorted(() => 0) })),
      ...Array.from({ length: 5 }, () => record<Results>({ executions: executions.toReversed() })),
      ...executions.map((execution) => record<RecordedExecution>(execution)),
    ]);
    expect(answers.map((answer) => answer.status).filter((status) => status > 201)).toEqual([]);
    expect(await countRows()).toBe(20);
    const recorded = answers
      .flatMap(({ body }) => ("results" in body ? body.results : [body]))
      .filter((result) => result.status === "recorded");
    expect(recorded).toHaveLength(20);
  });

  it("shares transactions between concurrent single calls, and tells observers once for each", async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => record<RecordedExecution>(anExecution(`e${index}`))),
    );
    expect(answers.every((answer) => answer.status === 201)).toBe(true);
    expect(observed.flat()).toHaveLength(40);
    expect(observed.length).toBeLessThan(40);
  });

  it("gives the first answer again for an Idempotency-Key, single and batch", async () => {
    for (const body of [anExecution("e1"), { executions: [anExecution("e2")] }]) {
      const headers = { "idempotency-key": `key-${JSON.stringify(body).length}` };
      const first = await record(body, headers);
      const again = await record(body, headers);
      expect(first.status).toBe(201);
      expect(again).toMatchObject({ status: 201, body: first.body });
      expect(again.headers["idempotent-replayed"]).toBe("true");
      expect(await record<Problem>(anExecution("e9"), headers)).toMatchObject({
        status: 422,
        body: { errors: [{ path: "header.idempotency-key" }] },
      });
    }
  });

  it("counts by day, in total and by version", async () => {
    await record({
      executions: [
        anExecution("e1", { latency_ms: 100, task_completed: true, cost_usd: 0.25 }),
        anExecution("e2", { latency_ms: 300, task_completed: false, status: "failed" }),
        anExecution("e2"),
      ],
    });
    const counters = await readAllCounters(suite.database, organization.id);
    const byMetric = new Map([...counters].map(([name, tally]) => [name.split(" ").at(-1), tally]));
    expect(Object.fromEntries(byMetric)).toEqual({
      executions: [2, 0, 0],
      errors: [1, 0, 0],
      latency_ms: [2, 400, 100_000],
      tasks: [2, 0, 0],
      tasks_completed: [1, 0, 0],
      cost_usd: [1, 0.25, 0.0625],
    });
  });

  it("lists newest first, by filters, with no row lost or doubled between pages", async () => {
    await record({
      executions: Array.from({ length: 23 }, (_, index) =>
        anExecution(`e${index}`, { status: index % 4 === 0 ? "failed" : "succeeded" }),
      ),
    });
    const between = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await record(anExecution("last"));
    const list = async (query: string): Promise<Page<Execution>> =>
      (await api.call<Page<Execution>>(organization, "GET", `/executions/my-agent${query}`)).body;
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Page<Execution> = await list(`?limit=5${cursor === "" ? "" : `&cursor=${cursor}`}`);
      seen.push(...page.data.map((execution) => execution.execution_id));
      cursor = page.next_cursor;
    }
    expect(seen[0]).toBe("last");
    expect(seen).toHaveLength(24);
    expect(new Set(seen).size).toBe(24);
    expect((await list("?status=failed")).data).toHaveLength(6);
    expect((await list(`?from=${between}`)).data.map((row) => row.execution_id)).toEqual(["last"]);
    expect((await list(`?to=${between}&limit=200`)).data).toHaveLength(23);
    expect((await list(`?version_id=${newId()}`)).data).toEqual([]);
  });

  it("lists those that called a tool, page by page", async () => {
    const calling = (index: number, ...tools: string[]): object =>
      anExecution(`e${index}`, { metadata: { tool_calls: tools.map((tool) => ({ tool })) } });
    await record({ executions: Array.from({ length: 7 }, (_, index) => calling(index, "search", "open")) });
    await record({ executions: [calling(7, "open"), anExecution("none"), calling(8, 'se"arch')] });
    await record(anExecution("odd", { metadata: { tool_calls: "search" } }));
    const list = async (query: string): Promise<Page<Execution>> =>
      (await api.call<Page<Execution>>(organization, "GET", `/executions/my-agent?${query}`)).body;
    const first = await list("tool=search&limit=4");
    const rest = await list(`tool=search&limit=4&cursor=${first.next_cursor}`);
    const ids = [...first.data, ...rest.data].map((row) => row.execution_id);
    expect(ids.toSorted()).toEqual(["e0", "e1", "e2", "e3", "e4", "e5", "e6"]);
    expect([first.data.length, rest.next_cursor]).toEqual([4, null]);
    expect((await list("tool=open")).data).toHaveLength(8);
    expect((await list("tool=open&status=failed")).data).toEqual([]);
    expect((await list(`tool=${encodeURIComponent('se"arch')}`)).data.map((row) => row.execution_id)).toEqual(
      ["e8"],
    );
    expect((await list("tool=")) as unknown).toMatchObject({ status: 400 });
  });

  it.each([
    [{ agent_id: "nobody" }, 422, "agent_id"],
    [{ version_id: newId() }, 422, "version_id"],
    [{ split: { kind: "experiment", id: newId(), arm: "treatment" } }, 422, "split.id"],
    [{ split: { kind: "rollout", id: newId(), arm: "candidate" } }, 422, "split.id"],
    [{ status: "finished" }, 400, "status"],
    [{ input_text: "" }, 400, "input_text"],
    [{ latency_ms: -1 }, 400, "latency_ms"],
    [{ cost_usd: 1e12 }, 400, "cost_usd"],
    [{ prompt_tokens: 1e12 }, 400, "prompt_tokens"],
    [{ execution_id: "x".repeat(201) }, 400, "execution_id"],
    [{ input_context: [] }, 400, "input_context"],
    [{ metadata: { a: "\u0000" } }, 400, "metadata.a"],
  ] as const)(
    "refuses %j with %i naming the field, alone and in a batch, and stores nothing",
    async (change, status, field) => {
      const bad = anExecution("bad", change as object);
      const alone = await record<Problem>(bad);
      expect(alone.status).toBe(status);
      expect(alone.body.errors[0]?.path).toBe(`body.${field}`);
      const batch = await record<Problem>({ executions: [anExecution("good"), bad] });
      expect(batch.status).toBe(status);
      expect(batch.body.errors[0]?.path).toBe(`body.executions.1.${field}`);
      expect(await countRows()).toBe(0);
      expect(observed).toEqual([]);
    },
  );

  it("knows nothing of another organization's agents, versions and executions", async () => {
    const other = await createTestOrganization(suite.database);
    const otherAgent = await createTestAgent(suite.database, other.id, { slug: "theirs" });
    const mine = await record<RecordedExecution>(anExecution("e1"));
    expect((await record<Problem>(anExecution("e2", { agent_id: otherAgent }))).status).toBe(422);
    for (const path of [
      "/executions/theirs",
      `/executions/${otherAgent}`,
      `/executions/${agentId}/nothing`,
    ]) {
      expect((await api.call(organization, "GET", path)).status).toBe(404);
    }
    expect((await api.call(other, "GET", `/executions/${agentId}/${mine.body.id}`)).status).toBe(404);
  });

  it("undoes everything when an observer fails, and only for the request that it fails for", async () => {
    const failing = createTestApi(suite.database, {
      evidenceObservers: [
        {
          executionsRecorded: async (_ctx, executions) => {
            if (executions.some(({ external_id: id }) => id === "poison")) throw new Error("poison");
          },
        },
      ],
    });
    const call = (id: string) =>
      failing.call(organization, "POST", "/executions", { as: "secret", body: anExecution(id) });
    const answers = await Promise.all(["a", "poison", "b"].map(call));
    expect(answers.map((answer) => answer.status)).toEqual([201, 500, 201]);
    expect(await countRows()).toBe(2);
    await failing.close();
  });
});
