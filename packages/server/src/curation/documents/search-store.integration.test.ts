import { analyse, createBm25Index, createRandom } from "@agent-learning/learning";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { systemContext } from "../../create-context.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import { BM25, readIndex, searchIndex } from "./search-store.ts";

const DOCUMENTS = 300;

describeEachEngine("a search over frequent words", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  let agentId: string;
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    organization = await createTestOrganization(suite.database);
    agentId = await createTestAgent(suite.database, organization.id);
  });

  const index = async (texts: readonly string[], prefix = "d"): Promise<void> => {
    for (let start = 0; start < texts.length; start += 100) {
      const documents = texts
        .slice(start, start + 100)
        .map((text, place) => ({ document_id: `${prefix}${start + place}`, text }));
      const answer = await api.call(organization, "POST", "/agents/my-agent/documents", {
        as: "secret",
        body: { documents },
      });
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    }
  };
  const search = (query: string, room?: number, also: readonly string[] = []) => {
    const terms = [...new Set(analyse(query))].map((term) => ({ term, weight: 1 }));
    return systemContext(api.services, organization.id, "test").transact(async (tenant) => {
      const live = await readIndex(tenant, agentId, undefined);
      if (live === undefined) throw new Error("there is no index");
      return searchIndex(tenant, live, terms, 10, also, room);
    });
  };

  it("finds what a reading of all postings finds, with the same scores, when it reads the rarer words only", async () => {
    const random = createRandom("frequent");
    const word = (): string => `word${Math.floor(400 ** random.next())}`;
    const texts = Array.from({ length: DOCUMENTS }, () => Array.from({ length: 25 }, word).join(" "));
    await index(texts);
    const reference = createBm25Index(texts.map(analyse), BM25);
    for (let query = 0; query < 25; query += 1) {
      const text = Array.from({ length: 6 }, word).join(" ");
      const all = await search(text);
      const exact = reference.search(analyse([...new Set(analyse(text))].join(" ")), 10);
      for (const [place, { score }] of all.found.entries())
        expect(score).toBeCloseTo(exact[place]?.score ?? 0, 6);
      // Room for a third of the postings or so: the candidates are fewer, their scores whole.
      const some = await search(text, 120);
      expect(some.holders).toEqual(all.holders);
      for (const [place, { score }] of some.found.entries())
        expect(score).toBeCloseTo(all.found[place]?.score ?? 0, 9);
    }
  });

  it("scores a chunk that was named whole too, and says of one without any of the words that it has no score", async () => {
    await index(["rare frequent", "frequent frequent", "frequent only", "something else"]);
    const first = await search("rare frequent", 1);
    expect(first.found).toHaveLength(1);
    const keys = (await search("rare frequent something else")).found.map(({ chunk_key: key }) => key);
    const { found } = await search("rare frequent", 1, keys);
    const scores = new Map(found.map(({ chunk_key: key, score }) => [key.split("#")[0], score]));
    const all = await search("rare frequent");
    for (const { chunk_key: key, score } of all.found)
      expect(scores.get(key.split("#")[0])).toBeCloseTo(score ?? -1, 9);
    expect(scores.get("d3")).toBeNull();
  });

  it("counts anew when documents have come, though it remembers how frequent a word is", async () => {
    // Counts of words in more than a thousand chunks are remembered.
    await index(Array.from({ length: 1_050 }, (_, place) => `often number${place}`));
    expect((await search("often")).holders.get("often")).toBe(1_050);
    await index(["often once more"], "e");
    expect((await search("often")).holders.get("often")).toBe(1_051);
    await index(
      Array.from({ length: 100 }, (_, place) => `seldom number${place}`),
      "f",
    );
    expect((await search("often")).holders.get("often")).toBe(1_051);
  });
});
