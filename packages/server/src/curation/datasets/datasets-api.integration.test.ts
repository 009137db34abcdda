import type { Dataset, DatasetDetail, DatasetDiff, LearningExample } from "@agent-learning/contract";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { annotate, type Desk, openDesk, supply } from "../curation.testing.ts";

const OPEN = {
  training: {
    annotation_overlap: 2,
    double_annotation_share: 0,
    min_human_verified: 0,
    min_doubly_annotated: 0,
  },
};

/** One annotation settles an example. */
const SINGLE = { training: { ...OPEN.training, annotation_overlap: 1, min_annotation_agreement: 0 } };

interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

interface Problem {
  detail: string;
  errors?: { path: string; message: string }[];
}

describeEachEngine("datasets over HTTP", (suite) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());

  function post<T = DatasetDetail>(desk: Desk, body: object): Promise<{ status: number; body: T }> {
    return api.call<T>(desk.organization, "POST", "/datasets", { as: "secret", body });
  }

  it("build, look, freeze, export", async () => {
    const desk = await openDesk(suite.database, { policy: OPEN });
    const { organization } = desk;
    for (let index = 0; index < 30; index += 1) {
      const example = await supply(desk);
      await annotate(desk.as("annotator"), example.id);
      await annotate(desk.as("reviewer"), example.id);
    }
    const draft = await post(desk, { agent_id: "my-agent", name: "support" });
    expect(draft).toMatchObject({
      status: 201,
      body: { status: "draft", total_examples: 30, created_by: null },
    });
    const { id } = draft.body;
    expect((await api.call(organization, "GET", `/datasets/${id}/export`)).status).toBe(409);
    const frozen = await api.call<DatasetDetail>(organization, "POST", `/datasets/${id}/freeze`, {
      as: "secret",
    });
    expect(frozen).toMatchObject({
      status: 200,
      body: { status: "frozen", agreement: 1, doubly_annotated: 30 },
    });
    const found = await api.call<DatasetDetail>(organization, "GET", `/datasets/by-id/${id}`, {
      as: "viewer",
    });
    expect(found.body).toEqual(frozen.body);
    const list = await api.call<{ data: Dataset[] }>(
      organization,
      "GET",
      "/datasets/my-agent?status=frozen",
      { as: "viewer" },
    );
    expect(list.body.data.map((dataset) => dataset.id)).toEqual([id]);
    expect(list.body.data[0]).not.toHaveProperty("card");
    const fetchExport = (query: string) =>
      api.server.inject({
        method: "GET",
        url: `/api/learning/datasets/${id}/export${query}`,
        headers: { authorization: `Bearer ${organization.members.viewer.key}` },
      });
    const chat = await fetchExport("?format=chat");
    expect(chat.statusCode).toBe(200);
    expect(chat.headers["content-type"]).toBe("application/x-ndjson; charset=utf-8");
    expect(chat.headers["content-disposition"]).toContain(`${id}-chat.jsonl`);
    expect(chat.headers["x-content-hash"]).toBe(frozen.body.content_hash);
    expect(chat.body.trimEnd().split("\n")).toHaveLength(30);
    expect((await fetchExport("?format=chat")).body).toBe(chat.body);
    const train = await fetchExport("?format=jsonl&split=train");
    expect(train.body.trimEnd().split("\n")).toHaveLength(frozen.body.split_counts.train);
    expect((await fetchExport("?format=preference")).body).toBe("");
    const archived = await api.call(organization, "POST", `/datasets/${id}/archive`, { as: "reviewer" });
    expect(archived).toMatchObject({ status: 200, body: { status: "archived" } });
    expect((await api.call(organization, "POST", `/datasets/${id}/archive`)).status).toBe(409);
    expect((await api.call(organization, "POST", `/datasets/${id}/freeze`)).status).toBe(409);
  });

  it("lists the examples of a dataset and of each split, each page once, and of no other organization", async () => {
    const desk = await openDesk(suite.database, { policy: SINGLE });
    const made: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      const { id } = await supply(desk, { example_type: index % 2 === 0 ? "positive" : "negative" });
      await annotate(desk.as("annotator"), id);
      made.unshift(id);
    }
    const dataset = (await post(desk, { agent_id: "my-agent", name: "support" })).body;
    await supply(desk);
    const list = async (query: string, at = desk): Promise<string[]> => {
      const seen: string[] = [];
      for (let cursor: string | null = ""; cursor !== null;) {
        const suffix: string = cursor === "" ? "" : `&cursor=${cursor}`;
        const { body } = await api.call<Page<LearningExample>>(
          at.organization,
          "GET",
          `/examples?limit=3&dataset_id=${query}${suffix}`,
          { as: "viewer" },
        );
        seen.push(...body.data.map(({ id }) => id));
        cursor = body.next_cursor;
      }
      return seen;
    };
    expect(await list(dataset.id)).toEqual(made);
    expect(await list(`${dataset.id}&example_type=negative`)).toEqual(made.filter((_, n) => n % 2 === 0));
    const splits = await Promise.all(
      (["train", "validation", "test"] as const).map(async (split) => {
        const found = await list(`${dataset.id}&split=${split}`);
        expect(found).toHaveLength(dataset.split_counts[split]);
        expect(found).toEqual(made.filter((id) => found.includes(id)));
        return found;
      }),
    );
    expect(splits.flat().toSorted()).toEqual(made.toSorted());
    expect(await list(newId())).toEqual([]);
    expect(await list(dataset.id, await openDesk(suite.database))).toEqual([]);
    expect(
      await api.call<Problem>(desk.organization, "GET", "/examples?split=test", { as: "viewer" }),
    ).toMatchObject({ status: 400, body: { errors: [{ path: "query.split" }] } });
  });

  it("exports as Parquet what JSON lines hold", async () => {
    const desk = await openDesk(suite.database, { policy: SINGLE });
    for (let index = 0; index < 5; index += 1) await annotate(desk.as("annotator"), (await supply(desk)).id);
    const { id } = (await post(desk, { agent_id: "my-agent", name: "support" })).body;
    await api.call(desk.organization, "POST", `/datasets/${id}/freeze`, { as: "secret" });
    const fetchExport = (format: string) =>
      api.server.inject({
        method: "GET",
        url: `/api/learning/datasets/${id}/export?format=${format}`,
        headers: { authorization: `Bearer ${desk.organization.members.viewer.key}` },
      });
    const parquet = await fetchExport("parquet");
    expect(parquet.headers["content-type"]).toBe("application/vnd.apache.parquet");
    expect(parquet.headers["content-disposition"]).toContain(`${id}-parquet.parquet`);
    const bytes = new Uint8Array(parquet.rawPayload);
    const rows = await parquetReadObjects({ file: bytes.buffer });
    const lines = (await fetchExport("jsonl")).body.trimEnd().split("\n");
    expect(rows.map((row) => row["item_hash"])).toEqual(
      lines.map((line) => (JSON.parse(line) as { item_hash: string }).item_hash),
    );
    expect((await fetchExport("parquet")).rawPayload).toEqual(parquet.rawPayload);
  });

  it("tells two versions apart", async () => {
    const desk = await openDesk(suite.database, { policy: SINGLE });
    const examples: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      const example = await supply(desk, { domain: index === 0 ? "tax" : "audit" });
      await annotate(desk.as("annotator"), example.id);
      examples.push(example.id);
    }
    const body = { agent_id: "my-agent", name: "support" };
    const before = (await post(desk, { ...body, selection: { domains: ["audit"] } })).body;
    await desk.as("secret").transact((ctx) =>
      ctx.tx
        .updateTable("learning_examples")
        .set({ expected_output: "another answer" })
        .where("id", "=", examples[1] ?? "")
        .execute(),
    );
    const removed = `/examples/${examples[2]}`;
    const { version } = (await api.call<{ version: number }>(desk.organization, "GET", removed)).body;
    const headers = { "if-match": `"${version}"` };
    const patched = await api.call(desk.organization, "PATCH", removed, {
      body: { is_active: false },
      headers,
    });
    expect(patched.status).toBe(200);
    const after = (await post(desk, body)).body;
    const diff = (query: string, id = after.id) =>
      api.call<DatasetDiff & Problem>(desk.organization, "GET", `/datasets/${id}/diff?${query}`, {
        as: "viewer",
      });
    const whole = await diff(`against=${before.id}`);
    expect(whole.status).toBe(200);
    const changes = new Map(whole.body.data.map((row) => [row.learning_example_id, row.change]));
    expect(changes.get(examples[0] ?? "")).toBe("added");
    expect(changes.get(examples[1] ?? "")).toBe("changed");
    expect(changes.get(examples[2] ?? "")).toBe("removed");
    expect(whole.body.counts).toMatchObject({ added: 1, changed: 1, removed: 1 });
    const changed = whole.body.data.find(({ change }) => change === "changed");
    expect(changed).toMatchObject({ expected_output_before: "answer", expected_output: "another answer" });
    const first = await diff(`against=${before.id}&limit=1`);
    expect(first.body.data).toEqual(whole.body.data.slice(0, 1));
    const second = await diff(`against=${before.id}&limit=1&cursor=${first.body.next_cursor}`);
    expect(second.body.data).toEqual(whole.body.data.slice(1, 2));
    expect((await diff(`against=${before.id}&change=added`)).body.data).toHaveLength(1);
    expect((await diff(`against=${after.id}`)).status).toBe(409);
    expect((await diff(`against=${newId()}`)).status).toBe(404);
    expect((await diff("against=x")).body.errors?.[0]?.path).toBe("query.against");
  });

  it("422 that names each threshold, its number and what to do", async () => {
    const desk = await openDesk(suite.database);
    const draft = await post(desk, { agent_id: desk.agentId, name: "support" });
    const refused = await api.call<Problem>(desk.organization, "POST", `/datasets/${draft.body.id}/freeze`);
    expect(refused.status).toBe(422);
    expect(refused.body.errors?.map((error) => error.path)).toEqual([
      "dataset.examples",
      "dataset.human_verified",
      "dataset.doubly_annotated",
      "dataset.agreement",
    ]);
    for (const error of refused.body.errors ?? []) expect(error.message).toMatch(/annotat|verif/i);
  });

  describe("bad input", () => {
    it.each<[string, object, string]>([
      ["no name", { name: "" }, "body.name"],
      ["version with a space", { version: "1 2" }, "body.version"],
      ["version too long", { version: "x".repeat(21) }, "body.version"],
      ["shares of 1.1", { split: { train: 0.9, validation: 0.1, test: 0.1 } }, "body.split"],
      ["share below 0", { split: { train: 1.1, validation: -0.1, test: 0 } }, "body.split.train"],
      ["unknown selection", { selection: { owner: "me" } }, "body.selection"],
      ["unknown type", { selection: { example_types: ["all"] } }, "body.selection.example_types.0"],
      ["time that is none", { selection: { created_after: "yesterday" } }, "body.selection.created_after"],
      ["no number", { selection: { max_examples: 0 } }, "body.selection.max_examples"],
    ])("400: %s", async (_name, change, path) => {
      const desk = await openDesk(suite.database);
      const answer = await post<Problem>(desk, { agent_id: "my-agent", name: "support", ...change });
      expect(answer.status).toBe(400);
      expect(answer.body.errors?.map((error) => error.path)).toContain(path);
      const list = await api.call<{ data: Dataset[] }>(desk.organization, "GET", "/datasets/my-agent");
      expect(list.body.data).toEqual([]);
    });

    it("404, 409 and 422 for what is not there or does not fit", async () => {
      const desk = await openDesk(suite.database);
      const other = await openDesk(suite.database, { slug: "their-agent" });
      const theirs = await post(other, { agent_id: "their-agent", name: "support" });
      expect((await post(desk, { agent_id: "their-agent", name: "x" })).status).toBe(404);
      for (const id of [theirs.body.id, newId()]) {
        for (const path of [`/datasets/by-id/${id}`, `/datasets/${id}/export`])
          expect((await api.call(desk.organization, "GET", path)).status).toBe(404);
        for (const verb of ["freeze", "archive"])
          expect((await api.call(desk.organization, "POST", `/datasets/${id}/${verb}`)).status).toBe(404);
      }
      expect((await api.call(desk.organization, "GET", "/datasets/their-agent")).status).toBe(404);
      expect((await api.call(desk.organization, "GET", "/datasets/by-id/1")).status).toBe(400);
      const lax = { agent_id: "my-agent", name: "x", selection: { min_quality_score: 0.1 } };
      expect((await post(desk, lax)).status).toBe(422);
      const twice = { agent_id: "my-agent", name: "x", version: "1" };
      expect([(await post(desk, twice)).status, (await post(desk, twice)).status]).toEqual([201, 409]);
      const exported = await api.call(desk.organization, "GET", `/datasets/${newId()}/export?format=csv`);
      expect(exported.status).toBe(400);
    });

    it("403 for who may look but not build", async () => {
      const { organization } = await openDesk(suite.database);
      const body = { agent_id: "my-agent", name: "x" };
      for (const as of ["viewer", "annotator", "publishable"] as const)
        expect((await api.call(organization, "POST", "/datasets", { as, body })).status).toBe(403);
    });
  });
});
