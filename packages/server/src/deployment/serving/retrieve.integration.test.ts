import type { DocumentSummary, IndexedDocuments, RetrievedTexts } from "@agent-learning/contract";
import { analyse, createBm25Index } from "@agent-learning/learning";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";

const TEXTS: Record<string, string> = {
  vat: "The VAT return is due on the last day of the month. Late returns cost a fee of five percent.",
  payroll: "Salaries are paid on the 25th. A bonus counts as salary and is taxed with it.",
  visa: "A residence permit is extended at the office in person. The fee is paid in cash.",
  audit:
    "The auditor asks for the ledger and samples of invoices. Invoices without a VAT number are findings.",
};

describeEachEngine("documents of an agent", (suite) => {
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

  const call = async <T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown) =>
    api.call<T>(organization, method, path, { as: "secret", ...(body === undefined ? {} : { body }) });
  const index = async (
    documents: Record<string, string>,
    title = "",
  ): Promise<IndexedDocuments["documents"]> => {
    const { status, body } = await call<IndexedDocuments>("POST", "/agents/my-agent/documents", {
      documents: Object.entries(documents).map(([id, text]) => ({ document_id: id, title, text })),
    });
    expect(status, JSON.stringify(body)).toBe(200);
    return body.documents;
  };
  const retrieve = async (query: string, more: object = {}): Promise<RetrievedTexts> => {
    const { status, body } = await call<RetrievedTexts>("POST", "/retrieve", {
      agent_id: "my-agent",
      query,
      ...more,
    });
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };

  it("finds what was indexed, best first, with its text and place, by the scores of BM25", async () => {
    expect(await index(TEXTS)).toEqual(
      Object.keys(TEXTS).map((id) => ({ document_id: id, status: "created", chunks: 1 })),
    );
    const found = await retrieve("How much is the fee for a late VAT return?");
    expect(found.chunks.map((chunk) => chunk.document_id)).toEqual(["vat", "visa", "audit"]);
    expect(found).toMatchObject({ ranker_version: "store", version_id: null });
    expect(found.notes).toEqual([
      expect.stringMatching(/words alone: no embedder is configured: set LEARNING_EMBEDDING_URL/),
    ]);
    const ids = Object.keys(TEXTS);
    const memory = createBm25Index(
      ids.map((id) => analyse(TEXTS[id] ?? "")),
      { k1: 0.9, b: 0.4 },
    );
    const terms = analyse("How much is the fee for a late VAT return?");
    const expected = memory.search(terms, 10);
    expect(found.chunks.map((chunk) => chunk.document_id)).toEqual(
      expected.map(({ document }) => ids[document]),
    );
    for (const [place, chunk] of found.chunks.entries()) {
      expect(chunk.score).toBeCloseTo(expected[place]?.score ?? 0, 9);
      expect(chunk.match).toBeCloseTo((expected[place]?.score ?? 0) / memory.selfScore(terms), 9);
      expect(TEXTS[chunk.document_id]?.slice(chunk.start, chunk.end)).toBe(chunk.text);
      expect(chunk.rank).toBe(place + 1);
    }
    expect((await retrieve("fee", { limit: 1 })).chunks).toHaveLength(1);
    expect((await retrieve("nothing that anybody wrote")).chunks).toEqual([]);
    expect((await retrieve("the of and")).chunks).toEqual([]);
  });

  it("indexes only what changed, keeps the names of what says the same, and forgets what is deleted", async () => {
    const sentence = (word: string): string => `${word} `.repeat(120).trim();
    const long = (first: string): string =>
      `${sentence(first)}.\n${sentence("second")}.\n${sentence("third")}.`;
    await index({ long: long("first"), ...TEXTS });
    const second = (await retrieve("second")).chunks[0];
    expect(await index({ long: long("first"), vat: "The VAT return is due in spring." })).toEqual([
      { document_id: "long", status: "unchanged", chunks: 3 },
      { document_id: "vat", status: "updated", chunks: 1 },
    ]);
    expect((await retrieve("spring")).chunks).toHaveLength(1);
    expect((await retrieve("percent")).chunks).toEqual([]);
    await index({ long: long("other") });
    // Scores depend on the whole; everything else of the chunk is as it was.
    expect((await retrieve("second")).chunks[0]).toEqual({ ...second, score: expect.any(Number) as number });
    expect((await retrieve("first")).chunks).toEqual([]);

    // What is counted stays what is there: scores are those of an index made anew.
    const before = await retrieve("VAT ledger salary");
    await index({ passing: "A ledger that is here for a moment, with a salary." });
    expect((await retrieve("VAT ledger salary")).chunks).toHaveLength(4);
    expect((await call("DELETE", "/agents/my-agent/documents/passing")).status).toBe(204);
    const after = await retrieve("VAT ledger salary");
    for (const [place, chunk] of before.chunks.entries())
      expect(after.chunks[place]?.score).toBeCloseTo(chunk.score ?? 0, 12);
    expect((await call("DELETE", "/agents/my-agent/documents/passing")).status).toBe(404);
    const { body } = await call<{ data: DocumentSummary[] }>("GET", "/agents/my-agent/documents");
    expect(body.data.map(({ document_id: id, chunks }) => [id, chunks])).toEqual(
      expect.arrayContaining([
        ["long", 3],
        ["vat", 1],
      ]),
    );
    expect(body.data).toHaveLength(5);
    const paged = await call<{ data: DocumentSummary[]; next_cursor: string }>(
      "GET",
      "/agents/my-agent/documents?limit=3",
    );
    const rest = await call<{ data: DocumentSummary[] }>(
      "GET",
      `/agents/my-agent/documents?limit=3&cursor=${paged.body.next_cursor}`,
    );
    expect([...paged.body.data, ...rest.body.data]).toEqual(body.data);
  });

  it("keeps organizations and agents apart, and takes documents at the same time one after the other", async () => {
    await index(TEXTS);
    const other = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, other.id);
    const foreign = await api.call<RetrievedTexts>(other, "POST", "/retrieve", {
      as: "secret",
      body: { agent_id: "my-agent", query: "fee" },
    });
    expect(foreign.body.chunks).toEqual([]);
    expect(foreign.body.notes[0]).toMatch(/no documents/);
    await createTestAgent(suite.database, organization.id, { slug: "second-agent" });
    expect((await retrieve("fee", { agent_id: "second-agent" })).chunks).toEqual([]);
    const versions = Array.from({ length: 4 }, (_, turn) => ({
      same: `Fee number ${turn} of the same document.`,
    }));
    await Promise.all(versions.map((documents) => index(documents)));
    expect((await retrieve("same document")).chunks).toHaveLength(1);
  });

  it("refuses what makes no sense, naming the field", async () => {
    const refused = async (path: string, body: unknown): Promise<[number, string | undefined]> => {
      const answer = await call<{ errors?: { path: string }[] }>("POST", path, body);
      return [answer.status, answer.body.errors?.[0]?.path];
    };
    const document = { document_id: "a", text: "text" };
    const path = "/agents/my-agent/documents";
    expect(await refused(path, { documents: [document, document] })).toEqual([400, "body.documents"]);
    expect(await refused(path, { documents: [] })).toEqual([400, "body.documents"]);
    expect(await refused(path, { documents: [{ ...document, text: "" }] })).toEqual([
      400,
      "body.documents.0.text",
    ]);
    const big = { ...document, text: "x".repeat(200_001) };
    expect(await refused(path, { documents: [big] })).toEqual([400, "body.documents.0.text"]);
    expect((await refused("/agents/nobody/documents", { documents: [document] }))[0]).toBe(404);
    expect((await refused("/retrieve", { agent_id: "my-agent", query: "" }))[0]).toBe(400);
    expect((await refused("/retrieve", { agent_id: "nobody", query: "q" }))[0]).toBe(404);
    // Text that has no word, and words that mean something to a program.
    expect(await index({ dots: "…", names: "__proto__ constructor ' ; DROP TABLE chunks; --" })).toHaveLength(
      2,
    );
    expect((await retrieve("constructor '; --")).chunks[0]?.document_id).toBe("names");
  });
});
