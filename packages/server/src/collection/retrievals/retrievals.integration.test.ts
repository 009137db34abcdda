import type { RecordedRetrieval, RecordRetrieval, Retrieval } from "@agent-learning/contract";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import { anExecution, type Page, type Problem, readAllCounters } from "../testing-evidence.testing.ts";

type Results = { results: RecordedRetrieval[] };

function aRetrieval(executionId: string, change: Partial<RecordRetrieval> = {}): RecordRetrieval {
  return {
    agent_id: "my-agent",
    execution_id: executionId,
    query: "vat return",
    chunks: [
      { chunk_id: "c1", rank: 1, score: 0.9, features: { bm25: 12.5 }, examination_probability: 1 },
      { chunk_id: "c2", rank: 2 },
    ],
    ranker_version: "r1",
    ...change,
  };
}

describeEachEngine("retrievals", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;

  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    organization = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, organization.id);
  });

  const record = <T = RecordedRetrieval>(body: unknown, headers: Record<string, string> = {}) =>
    api.call<T>(organization, "POST", "/retrievals", { as: "secret", body, headers });
  const recordExecution = (id: string) =>
    api.call(organization, "POST", "/executions", { as: "secret", body: anExecution(id) });
  const list = async (query = ""): Promise<Page<Retrieval>> =>
    (await api.call<Page<Retrieval>>(organization, "GET", `/retrievals/my-agent${query}`)).body;

  it("records what was retrieved and gives it back", async () => {
    await recordExecution("e1");
    const { status, body } = await record(aRetrieval("e1"));
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: "recorded", attached: true });
    const { agent_id: _slug, ...told } = aRetrieval("e1");
    expect((await list()).data).toMatchObject([{ ...told, id: body.id, attached: true }]);
    const counters = [...(await readAllCounters(suite.database, organization.id)).keys()];
    expect(counters.filter((name) => name.endsWith(" retrievals"))).toHaveLength(1);
  });

  it("keeps what the chunks say, where it is told, and gives it back with them", async () => {
    await recordExecution("e1");
    const chunks = [
      { chunk_id: "own-store-1", rank: 1, score: 0.5, excerpt: "Open until nine." },
      { chunk_id: "__proto__", rank: 2, excerpt: "Odd name." },
      { chunk_id: "own-store-2", rank: 3 },
    ];
    await record(aRetrieval("e1", { chunks }));
    const [kept] = (await list()).data;
    expect(kept?.chunks).toEqual(chunks);
    const long = [{ chunk_id: "c", rank: 1, excerpt: `${"x".repeat(3_999)}😀 and more` }];
    await record(aRetrieval("e1", { query: "long", chunks: long }));
    const found = (await list()).data.find(({ query }) => query === "long");
    expect(found?.chunks[0]?.excerpt).toBe("x".repeat(3_999));
    const odd = [{ chunk_id: "c", rank: 1, excerpt: 7 }];
    const refused = await record<{ errors?: { path: string }[] }>({ ...aRetrieval("e1"), chunks: odd });
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([400, "body.chunks.0.excerpt"]);
  });

  it("is idempotent by execution and query, or by the caller's id", async () => {
    await recordExecution("e1");
    const first = await record(aRetrieval("e1"));
    expect((await record(aRetrieval("e1", { chunks: [] }))).body).toEqual({
      ...first.body,
      status: "duplicate",
    });
    expect((await record(aRetrieval("e1", { query: "other" }))).body.status).toBe("recorded");
    const id = newId();
    expect((await record(aRetrieval("e1", { id }))).body).toMatchObject({ id, status: "recorded" });
    expect((await record(aRetrieval("e1", { id: id.toUpperCase() }))).body).toMatchObject({
      id,
      status: "duplicate",
    });
    const batch = await record<Results>({
      retrievals: [aRetrieval("e1"), aRetrieval("e1", { query: "new" }), aRetrieval("e1", { query: "new" })],
    });
    expect(batch.body.results.map((result) => result.status)).toEqual(["duplicate", "recorded", "duplicate"]);
    expect((await list()).data).toHaveLength(4);
  });

  it("records the same once however many send it at the same time", async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => record(aRetrieval("e1"))));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 12 }, () => 201));
    expect(answers.filter((answer) => answer.body.status === "recorded")).toHaveLength(1);
  });

  it("is attached when its execution arrives", async () => {
    const early = await record(aRetrieval("later"));
    expect(early.body.attached).toBe(false);
    expect((await list("?execution_id=later")).data).toMatchObject([{ id: early.body.id, attached: false }]);
    await recordExecution("later");
    expect((await list("?execution_id=later")).data).toMatchObject([{ id: early.body.id, attached: true }]);
    expect((await record(aRetrieval("later"))).body).toMatchObject({ status: "duplicate", attached: true });
  });

  it("is attached however executions and retrievals race", async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `race-${index}`);
    await Promise.all(
      ids.flatMap((id, index) => {
        const both = [() => record(aRetrieval(id)), () => recordExecution(id)];
        return (index % 2 === 0 ? both : both.toReversed()).map((call) => call());
      }),
    );
    const { data } = await list("?limit=200");
    expect(data).toHaveLength(30);
    expect(data.filter((row) => !row.attached)).toEqual([]);
  });

  it("gives the first answer again for an Idempotency-Key", async () => {
    const headers = { "idempotency-key": "k1" };
    const first = await record(aRetrieval("e1"), headers);
    const again = await record(aRetrieval("e1"), headers);
    expect(again.body).toEqual(first.body);
    expect((await record(aRetrieval("e2"), headers)).status).toBe(422);
  });

  it("lists newest first with no row lost or doubled between pages", async () => {
    const retrievals = Array.from({ length: 9 }, (_, index) => aRetrieval("e1", { query: `q${index}` }));
    await record({ retrievals });
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Page<Retrieval> = await list(`?limit=4${cursor === "" ? "" : `&cursor=${cursor}`}`);
      seen.push(...page.data.map((row) => row.query));
      cursor = page.next_cursor;
    }
    expect(seen.toSorted()).toEqual(retrievals.map(({ query }) => query));
  });

  it.each([
    [{ agent_id: "nobody" }, 422, "agent_id"],
    [{ query: "" }, 400, "query"],
    [{ id: "not a uuid" }, 400, "id"],
    [{ chunks: [{ chunk_id: "c", rank: 0 }] }, 400, "chunks.0.rank"],
    [
      { chunks: [{ chunk_id: "c", rank: 1, examination_probability: 2 }] },
      400,
      "chunks.0.examination_probability",
    ],
    [
      {
        chunks: [
          { chunk_id: "c", rank: 1 },
          { chunk_id: "d", rank: 1 },
        ],
      },
      400,
      "chunks",
    ],
  ])("refuses %j with %i naming the field, and stores nothing", async (change, status, field) => {
    const alone = await record<Problem>({ ...aRetrieval("e1"), ...change });
    expect(alone.status).toBe(status);
    expect(alone.body.errors[0]?.path).toBe(`body.${field}`);
    const batch = await record<Problem>({
      retrievals: [aRetrieval("e1"), { ...aRetrieval("e1"), ...change }],
    });
    expect(batch.status).toBe(status);
    expect(batch.body.errors[0]?.path).toBe(`body.retrievals.1.${field}`);
    expect((await list()).data).toEqual([]);
  });

  it("keeps organizations and agents apart", async () => {
    const other = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, other.id);
    await createTestAgent(suite.database, organization.id, { slug: "second" });
    const id = newId();
    await record(aRetrieval("e1", { id }));
    const theirs = { as: "secret", body: aRetrieval("e1", { id }) } as const;
    expect((await api.call<RecordedRetrieval>(other, "POST", "/retrievals", theirs)).body.status).toBe(
      "recorded",
    );
    const moved = await record<Problem>(aRetrieval("e1", { id, agent_id: "second" }));
    expect(moved).toMatchObject({ status: 422, body: { errors: [{ path: "body.id" }] } });
    expect((await list()).data).toHaveLength(1);
  });
});
