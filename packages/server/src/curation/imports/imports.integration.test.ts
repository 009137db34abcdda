import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import type { ImportReport } from "@agent-learning/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { annotate, type Desk, openDesk, supply } from "../curation.testing.ts";

interface Problem {
  detail: string;
  errors?: { path: string; message: string }[];
}

const LINES = "application/x-ndjson";
const good = (n: number): string =>
  JSON.stringify({ example_type: "positive", input_text: `question ${n}`, expected_output: `answer ${n}` });

const umlaut = JSON.stringify({
  example_type: "positive",
  input_text: "Straße für Müller",
  expected_output: "ä",
});

describeEachEngine("imports over HTTP", (suite) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());

  async function send(
    desk: Desk,
    payload: string | Buffer,
    { query = "", type = LINES, accept = "application/json", who = "annotator" as const } = {},
  ): Promise<{ status: number; type: string; text: string; body: ImportReport & Problem }> {
    const response = await api.server.inject({
      method: "POST",
      url: `/api/learning/examples/import?agent_id=my-agent${query}`,
      headers: {
        authorization: `Bearer ${desk.organization.members[who].key}`,
        "content-type": type,
        accept,
      },
      payload,
    });
    const contentType = String(response.headers["content-type"]);
    const text = response.body;
    const body = contentType.includes("json") && !contentType.includes("ndjson") ? JSON.parse(text) : {};
    return { status: response.statusCode, type: contentType, text, body: body as ImportReport & Problem };
  }

  const stored = async (desk: Desk): Promise<{ input_text: string; source_type: string }[]> =>
    (
      await api.call<{ data: { input_text: string; source_type: string }[] }>(
        desk.organization,
        "GET",
        "/examples?limit=200",
      )
    ).body.data;

  it("keeps the good rows and reports each bad one with its line", async () => {
    const desk = await openDesk(suite.database);
    const file = Buffer.concat([
      Buffer.from(`${good(1)}\n\n{"broken\n`),
      Buffer.from([0xe4, 0xf6, 0x0a]),
      Buffer.from(`${good(2)}\r\n${good(1)}\n{"example_type":"positive","input_text":"x"}`),
    ]);
    const { status, body } = await send(desk, file);
    expect(status).toBe(200);
    expect(body).toMatchObject({ rows: 6, imported: 2, duplicates: 1, rejected: 3 });
    expect(body.rejections.map(({ line }) => line)).toEqual([3, 4, 7]);
    expect(body.rejections[2]?.reason).toContain("expected_output");
    const rows = await stored(desk);
    expect(rows.map((row) => [row.input_text, row.source_type])).toEqual([
      ["question 2", "import"],
      ["question 1", "import"],
    ]);
    const again = await send(desk, file);
    expect(again.body).toMatchObject({ imported: 0, duplicates: 3, rejected: 3 });
    const audit = await api.call<{ data: { action: string; data: object }[] }>(
      desk.organization,
      "GET",
      "/audit?limit=200",
    );
    expect(audit.body.data.find(({ action }) => action === "examples.imported")?.data).toMatchObject({
      rows: 6,
      rejected: 3,
    });
  });

  it.each<[string, string, Buffer]>([
    ["UTF-16 with a mark", LINES, Buffer.from(`\uFEFF${good(1)}\n{"broken\n${umlaut}`, "utf16le")],
    ["UTF-16, the other end first", LINES, Buffer.from(`\uFEFF${good(1)}\nx\n${umlaut}`, "utf16le").swap16()],
    ["Latin-1, declared", `${LINES}; charset=iso-8859-1`, Buffer.from(`${good(1)}\nx\n${umlaut}`, "latin1")],
  ])("%s is decoded, its bad row reported", async (_name, type, file) => {
    const desk = await openDesk(suite.database);
    const { status, body, text } = await send(desk, file, { type });
    expect(status, text).toBe(200);
    expect(body).toMatchObject({ rows: 3, imported: 2, rejected: 1, rejections: [{ line: 2 }] });
    expect((await stored(desk)).map((row) => row.input_text)).toContain("Straße für Müller");
  });

  it("Latin-1 that nobody declared: each row that is not ASCII is reported with what to do", async () => {
    const desk = await openDesk(suite.database);
    const { body } = await send(desk, Buffer.from(`${good(1)}\n${umlaut}\n${good(2)}`, "latin1"));
    expect(body).toMatchObject({ rows: 3, imported: 2, rejected: 1 });
    expect(body.rejections).toEqual([{ line: 2, reason: expect.stringContaining("charset") as string }]);
    const refused = await send(desk, Buffer.from(umlaut, "latin1"), { query: "&on_error=refuse" });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "body.1" }] } });
  });

  it("refuses the whole when asked to, and names the lines", async () => {
    const desk = await openDesk(suite.database);
    const refused = await send(desk, `${good(1)}\nnonsense\n${good(2)}`, { query: "&on_error=refuse" });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([{ path: "body.2", message: "is not JSON" }]);
    expect(refused.body.detail).toContain("on_error=skip");
    expect(await stored(desk)).toEqual([]);
    const taken = await send(desk, `${good(1)}\n${good(2)}`, { query: "&on_error=refuse" });
    expect(taken.body).toMatchObject({ imported: 2, rejected: 0 });
  });

  it("lists every rejection, beyond those in the report, as lines", async () => {
    const desk = await openDesk(suite.database);
    const file = `${"x\n".repeat(1_200)}${good(1)}`;
    const report = await send(desk, file);
    expect(report.body).toMatchObject({ rows: 1_201, rejected: 1_200, imported: 1 });
    expect(report.body.rejections).toHaveLength(1_000);
    const lines = (await send(desk, file, { accept: LINES })).text.trimEnd().split("\n");
    expect(lines).toHaveLength(1_201);
    expect(JSON.parse(lines[1_199] ?? "")).toEqual({ line: 1_200, reason: "is not JSON" });
    expect(JSON.parse(lines[1_200] ?? "")).toEqual({
      report: { rows: 1_201, imported: 0, duplicates: 1, rejected: 1_200 },
    });
  });

  it("more than one batch, twice at the same time, is stored once", async () => {
    const desk = await openDesk(suite.database);
    const file = Array.from({ length: 1_100 }, (_, n) => good(n)).join("\n");
    const reports = await Promise.all([send(desk, file), send(desk, file)]);
    const imported = reports.map(({ body }) => body.imported);
    expect(imported[0]! + imported[1]!).toBe(1_100);
    const { body } = await api.call<{ total_examples: number }>(
      desk.organization,
      "GET",
      "/stats?agent_id=my-agent",
    );
    expect(JSON.stringify(body)).toContain("1100");
  });

  it.each(["jsonl", "chat", "sharegpt", "preference", "kto", "parquet"])(
    "%s: an export goes into another agent",
    async (format) => {
      const policy = {
        training: {
          double_annotation_share: 0,
          min_human_verified: 0,
          min_doubly_annotated: 0,
          min_annotation_agreement: 0,
        },
      };
      const [from, to] = [await openDesk(suite.database, { policy }), await openDesk(suite.database)];
      for (let n = 0; n < 3; n += 1) {
        const example = await supply(from, {
          example_type: "correction",
          input_text: `Frage ${n}: „Umsatzsteuer“?`,
          original_output: "falsch",
          expected_output: `richtig ${n}`,
        });
        await annotate(from.as("annotator"), example.id);
      }
      const made = await api.call<{ id: string }>(from.organization, "POST", "/datasets", {
        body: { agent_id: "my-agent", name: "support" },
      });
      await api.call(from.organization, "POST", `/datasets/${made.body.id}/freeze`);
      const exported = await api.server.inject({
        method: "GET",
        url: `/api/learning/datasets/${made.body.id}/export?format=${format}`,
        headers: { authorization: `Bearer ${from.organization.members.viewer.key}` },
      });
      const type = format === "parquet" ? "application/vnd.apache.parquet" : LINES;
      const { status, body } = await send(to, exported.rawPayload, { type, query: `&format=${format}` });
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body).toMatchObject({ imported: format === "kto" ? 6 : 3, rejected: 0 });
      const texts = (await stored(to)).map((row) => row.input_text);
      expect(new Set(texts)).toEqual(new Set([0, 1, 2].map((n) => `Frage ${n}: „Umsatzsteuer“?`)));
    },
  );

  describe("bad input", () => {
    it.each<[string, string | Buffer, object, number, string]>([
      ["JSON in place of a file", "{}", { type: "application/json" }, 415, "body"],
      [
        "a charset that cannot be read",
        good(1),
        { type: `${LINES}; charset=ebcdic` },
        415,
        "headers.content-type",
      ],
      ["an unknown format", good(1), { query: "&format=xml" }, 400, "query.format"],
      ["what is no Parquet", good(1), { query: "&format=parquet" }, 422, "body"],
      ["nothing as Parquet", "", { query: "&format=parquet" }, 422, "body"],
    ])("%s", async (_name, payload, options, status, path) => {
      const desk = await openDesk(suite.database);
      const answer = await send(desk, payload, options);
      expect(answer.status, answer.text).toBe(status);
      expect(answer.body.errors?.[0]?.path).toBe(path);
    });

    it("an empty file is no row, another agent is not found, a viewer may not", async () => {
      const desk = await openDesk(suite.database);
      expect((await send(desk, "")).body).toMatchObject({ rows: 0, imported: 0 });
      const missing = await api.server.inject({
        method: "POST",
        url: "/api/learning/examples/import?agent_id=nobody",
        headers: { authorization: `Bearer ${desk.organization.secret.key}`, "content-type": LINES },
        payload: good(1),
      });
      expect(missing.statusCode).toBe(404);
    });

    it("leaves no file behind", async () => {
      const mine = (): string[] =>
        readdirSync(tmpdir()).filter((name) => name.startsWith("agent-learning-import-"));
      const before = mine();
      const desk = await openDesk(suite.database);
      await send(desk, good(1));
      await send(desk, "x", { query: "&on_error=refuse" });
      await send(desk, "x", { accept: LINES });
      await expect.poll(() => mine().filter((name) => !before.includes(name))).toEqual([]);
    });
  });
});
