import type { RetrievedTexts, TrainingRun } from "@agent-learning/contract";
import type { Embedder } from "@agent-learning/learning";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { systemContext } from "../../create-context.ts";
import { embedChunks } from "../../curation/documents/embed-chunks.ts";
import { embeddingSchedule } from "../../curation/documents/index.ts";
import { runRetrievalTraining } from "../../learning/retrieval/run-retrieval-training.ts";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import type { RecordingJobQueue } from "../../testing/test-services.ts";

// An embedder that knows four subjects, by any word for them.
const SUBJECTS = [
  ["money", "salary", "funds"],
  ["home", "dwelling", "flat"],
  ["ill", "sick", "physician"],
  ["car", "vehicle"],
];
const vectorOf = (text: string): number[] =>
  SUBJECTS.map(
    (words) => words.filter((word) => text.toLowerCase().split(/\W+/).includes(word)).length + 0.01,
  );
/** So long vectors that are kept in memory are taken for fresh. */
const settle = () => new Promise((later) => setTimeout(later, 2_100));

describeEachEngine("embeddings of documents", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  let embedder: Embedder;
  let embedded: string[];
  let broken: boolean;
  beforeAll(() => {
    api = createTestApi(suite.database, {
      embedders: { configured: true, load: async () => embedder, dispose: async () => undefined },
    });
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    [embedded, broken] = [[], false];
    embedder = {
      name: "subjects",
      embed: async (texts) => {
        if (broken) throw new Error("The embedder cannot be reached.");
        embedded.push(...texts);
        return texts.map(vectorOf);
      },
    };
    organization = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, organization.id);
  });
  const index = async (documents: Record<string, string>): Promise<void> => {
    const { status, body } = await api.call(organization, "POST", "/agents/my-agent/documents", {
      as: "secret",
      body: { documents: Object.entries(documents).map(([id, text]) => ({ document_id: id, text })) },
    });
    expect(status, JSON.stringify(body)).toBe(200);
  };
  const retrieve = async (query: string): Promise<RetrievedTexts> => {
    const body = { agent_id: "my-agent", query };
    const answer = await api.call<RetrievedTexts>(organization, "POST", "/retrieve", { as: "secret", body });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  };
  const jobs = () =>
    (api.services.jobs as RecordingJobQueue).enqueued.filter(
      ({ name, data }) => name === "documents-embed" && data.organizationId === organization.id,
    );
  const embed = async (): Promise<void> => {
    const ctx = systemContext(api.services, organization.id, "test");
    const agentId = String(jobs().at(-1)?.data["agentId"]);
    await embedChunks({ ctx, agentId, signal: new AbortController().signal });
  };

  it("finds what shares no word, embeds what is new only, and says what has no embedding yet", async () => {
    await index({
      a: "The physician comes on Mondays.",
      b: "A dwelling has two rooms.",
      c: "The vehicle is washed.",
    });
    expect(jobs()).toHaveLength(1);
    const early = await retrieve("I am sick");
    expect(early).toMatchObject({ chunks: [], notes: ["3 of 3 chunks have no embedding yet."] });
    await embed();
    await settle();
    const found = await retrieve("I am sick");
    expect(found.chunks[0]).toMatchObject({ document_id: "a", rank: 1 });
    expect(found.chunks[0]?.match).toBeGreaterThan(0.9);
    expect(found.notes).toEqual([]);

    embedded = [];
    await index({
      a: "The physician comes on Mondays.",
      b: "A flat has three rooms.",
      d: "Funds are kept safe.",
    });
    await embed();
    expect(embedded.toSorted()).toEqual(["A flat has three rooms.", "Funds are kept safe."]);
    await settle();
    expect((await retrieve("money")).chunks[0]?.document_id).toBe("d");
    expect((await retrieve("my home")).chunks[0]?.text).toBe("A flat has three rooms.");
    // Words and embeddings both speak for it.
    expect((await retrieve("three rooms of a home")).chunks[0]?.score).toBeCloseTo(1, 5);
  });

  it("goes on by words while the endpoint is away, and takes up later what failed", async () => {
    await index({ a: "The physician comes on Mondays.", b: "A dwelling has two rooms." });
    broken = true;
    await expect(embed()).rejects.toThrow("cannot be reached");
    const found = await retrieve("Mondays");
    expect(found.chunks.map((chunk) => chunk.document_id)).toEqual(["a"]);
    expect(found.notes).toEqual(["Found by words alone: The embedder cannot be reached."]);
    broken = false;
    await embeddingSchedule.sweep(api.services, organization.id);
    expect(jobs()).toHaveLength(2);
    await embed();
    expect((await retrieve("sick")).chunks[0]?.document_id).toBe("a");
    await embeddingSchedule.sweep(api.services, organization.id);
    expect(jobs()).toHaveLength(2);
  });

  it("another embedder's vectors are not mixed with those of the one before", async () => {
    await index({ a: "The physician comes on Mondays.", b: "A dwelling has two rooms." });
    await embed();
    expect((await retrieve("sick")).chunks[0]?.document_id).toBe("a");
    const embedLonger = async (texts: readonly string[]) => texts.map((text) => [...vectorOf(text), 0, 0]);
    embedder = { name: "longer", embed: embedLonger };
    const between = await retrieve("sick");
    expect(between).toMatchObject({ chunks: [], notes: ["2 of 2 chunks have no embedding yet."] });
    await embeddingSchedule.sweep(api.services, organization.id);
    expect(jobs()).toHaveLength(2);
    await embed();
    await settle();
    expect((await retrieve("sick")).chunks[0]?.document_id).toBe("a");
  });

  const subject = ["physician", "dwelling", "vehicle", "salary"];
  /** Indexes the documents, one about each subject, and sends 120 questions with marks on the chunk of their subject. */
  const askAndMark = async (
    documents: Record<string, string>,
    queryAt: (turn: number) => string,
  ): Promise<void> => {
    await index(documents);
    await embed();
    await settle();
    const keys = new Map<string, string>();
    for (const word of subject) {
      const { chunks } = await retrieve(word);
      keys.set(word, chunks.find(({ text }) => text.includes(word))?.chunk_id ?? "");
    }
    const turns = Array.from({ length: 120 }, (_, turn) => turn);
    const post = async (path: string, body: object): Promise<void> => {
      const answer = await api.call(organization, "POST", path, { as: "secret", body });
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    };
    const common = (turn: number) => ({ agent_id: "my-agent", execution_id: `e${turn}` });
    await post("/executions", {
      executions: turns.map((turn) => ({
        ...common(turn),
        user_id: `u${turn % 30}`,
        input_text: queryAt(turn),
        output_text: "answer",
        status: "succeeded",
      })),
    });
    await post("/retrievals", {
      retrievals: turns.map((turn) => ({ ...common(turn), id: newId(), query: queryAt(turn), chunks: [] })),
    });
    await post("/feedback/batch", {
      feedback: turns.map((turn) => ({
        ...common(turn),
        user_id: `u${turn % 30}`,
        feedback_type: "thumbs_up",
        metadata: { chunk_marks: [{ chunk_id: keys.get(subject[turn % 4] ?? ""), relevant: true }] },
      })),
    });
  };
  const learned = async (method: string): Promise<TrainingRun> => {
    const { body: run } = await api.call<TrainingRun>(organization, "POST", "/training-runs", {
      as: "secret",
      body: {
        name: method,
        agent_id: "my-agent",
        training_type: "rag_training",
        config: { method },
      },
    });
    const ctx = systemContext(api.services, organization.id, "test");
    await runRetrievalTraining({ ctx, runId: run.id, signal: new AbortController().signal });
    const { body: done } = await api.call<TrainingRun>(organization, "GET", `/training-runs/by-id/${run.id}`);
    return done;
  };

  it("learns how much words and embeddings weigh, through the gate, and serves it with the version", async () => {
    const asked = ["ill", "home", "car", "money"];
    // The words of a question are in the wrong documents, its meaning in the right one.
    const documents = Object.fromEntries(
      subject.map((word, place) => [
        `d${place}`,
        `All about the ${word}, and ask for number ${(place + 1) % 4}0.`,
      ]),
    );
    await askAndMark(documents, (turn) => `number ${turn % 4}0 for my ${asked[turn % 4] ?? ""} ${turn}`);
    const done = await learned("fusion");
    expect(done.metrics, JSON.stringify(done.metrics).slice(0, 600)).toMatchObject({ outcome: "promote" });
    const artifact = await api.call<{ fusion: number[] }>(
      organization,
      "GET",
      done.model_artifact_path?.replace("/api/learning", "") ?? "",
    );
    expect(artifact.body.fusion[1]).toBeGreaterThan(0.3);
    const ask = { agent_id: "my-agent", query: "number 00 for my ill friend", limit: 1 };
    const before = await api.call<RetrievedTexts>(organization, "POST", "/retrieve", { body: ask });
    const after = await api.call<RetrievedTexts>(organization, "POST", "/retrieve", {
      body: { ...ask, version_id: done.candidate_version_id },
    });
    expect(before.body.chunks[0]?.text).not.toContain("physician");
    expect(after.body.chunks[0]?.text).toContain("physician");
  });

  it("learns to move queries towards what answered them, serves the map with the version, and leaves it out for another embedder", async () => {
    // The embedder takes each question for the subject after its own.
    const misleading = ["home", "car", "money", "ill"];
    const documents = Object.fromEntries(
      subject.map((word, place) => [`d${place}`, `Notes on one ${word}.`]),
    );
    await askAndMark(documents, (turn) => `please help with my ${misleading[turn % 4] ?? ""} today ${turn}`);
    const done = await learned("adapter");
    expect(done.metrics, JSON.stringify(done.metrics).slice(0, 600)).toMatchObject({ outcome: "promote" });
    const ask = { agent_id: "my-agent", query: "a car for us", limit: 1 };
    const before = await api.call<RetrievedTexts>(organization, "POST", "/retrieve", { body: ask });
    const moved = { ...ask, version_id: done.candidate_version_id };
    const after = await api.call<RetrievedTexts>(organization, "POST", "/retrieve", { body: moved });
    expect(before.body.chunks[0]?.text).toContain("vehicle");
    expect(after.body.chunks[0]?.text).toContain("dwelling");
    // What leaves the server ranks: it has no use for the map.
    const path = done.model_artifact_path?.replace("/api/learning", "") ?? "";
    const artifact = await api.call(organization, "GET", path);
    expect(Object.keys(artifact.body)).not.toContain("adapter");
    // Vectors of another embedder mean something else.
    embedder = { ...embedder, name: "renamed" };
    await embeddingSchedule.sweep(api.services, organization.id);
    await embed();
    await settle();
    const renamed = await api.call<RetrievedTexts>(organization, "POST", "/retrieve", { body: moved });
    expect(renamed.body.chunks[0]?.text).toContain("vehicle");
    expect(renamed.body.notes).toEqual([
      "The version has learned to move queries of another embedder: searched as they are.",
    ]);
  });

  it("learns no map where the embedder has each question right already, and says so", async () => {
    const documents = Object.fromEntries(
      subject.map((word, place) => [`d${place}`, `Notes on one ${word}.`]),
    );
    const asked = ["ill", "home", "car", "money"];
    await askAndMark(documents, (turn) => `help with my ${asked[turn % 4] ?? ""} ${turn}`);
    // The embedder has each of them right already.
    const done = await learned("adapter");
    expect(done).toMatchObject({ status: "completed", candidate_version_id: null });
    expect(done.metrics["reasons"]).toEqual([
      "No map finds the relevant chunks better than the queries' own embeddings do.",
    ]);
  });
});
