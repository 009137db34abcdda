import {
  type CreateDataset,
  createDataset as createDatasetSchema,
  type CreateLearningExample,
  type DatasetDetail,
  type LearningExample,
} from "@agent-learning/contract";
import { sql } from "kysely";
import type { StoredFeedback } from "../../collection/evidence-observer.ts";
import { describe, expect, it } from "vitest";
import { databaseError, json } from "../../database/index.ts";
import { ProblemError } from "../../http/index.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { examplesFromEvidence, listExamples, updateExample } from "../examples/index.ts";
import { getExample } from "../lineage/index.ts";
import { verifyAnnotation } from "../annotations/index.ts";
import { annotate, type Desk, openDesk, storeExecution, storeFeedback, supply } from "../curation.testing.ts";
import { findAgent } from "../../administration/agents/index.ts";
import { buildItems } from "./build-items.ts";
import { hashItem, merkleLeaf } from "./dataset-item.ts";
import {
  archiveDataset,
  createDataset,
  type DatasetItem,
  exportDataset,
  findNewestFrozenDataset,
  freezeDataset,
  getDataset,
  listDatasetItems,
  listDatasets,
  markExamplesUsed,
} from "./index.ts";
import type { ExportItem } from "./export-line.ts";
import { MerkleTree } from "./merkle-tree.ts";

const OPEN = {
  training: {
    annotation_overlap: 1,
    double_annotation_share: 0,
    min_human_verified: 0,
    min_annotation_agreement: 0,
    min_doubly_annotated: 0,
  },
};

function setPolicy(desk: Desk, training: object): Promise<unknown> {
  return desk.as("admin").transact((ctx) =>
    ctx.tx
      .updateTable("agents")
      .set({ policy: json({ training: { annotation_overlap: 1, double_annotation_share: 0, ...training } }) })
      .where("id", "=", desk.agentId)
      .execute(),
  );
}

// Agreement is unknown without doubly annotated examples, and unknown never passes.
async function agree(desk: Desk): Promise<void> {
  await setPolicy(desk, { annotation_overlap: 2 });
  const example = await supply(desk, { example_type: "failure" });
  await annotate(desk.as("annotator"), example.id, { decision: "reject" });
  await annotate(desk.as("reviewer"), example.id, { decision: "reject" });
  await setPolicy(desk, OPEN.training);
}

async function approved(desk: Desk, example: Partial<CreateLearningExample> = {}): Promise<LearningExample> {
  const made = await supply(desk, example);
  return (await annotate(desk.as("annotator"), made.id)).example;
}

function build(desk: Desk, input: Partial<CreateDataset> = {}): Promise<DatasetDetail> {
  const body = createDatasetSchema.parse({ agent_id: desk.agentId, name: "support", ...input });
  return desk.as("secret").transact((ctx) => createDataset({ ctx, input: body }));
}

function freeze(desk: Desk, datasetId: string): Promise<DatasetDetail> {
  return desk.as("secret").transact((ctx) => freezeDataset({ ctx, input: { datasetId } }));
}

async function itemsOf(desk: Desk, datasetId: string): Promise<DatasetItem[]> {
  const splits = ["train", "validation", "test"] as const;
  const pages = await Promise.all(
    splits.map((split) => desk.as("secret").transact((ctx) => listDatasetItems(ctx, datasetId, split, -1))),
  );
  return pages.flat().sort((a, b) => a.position - b.position);
}

async function placesOf(desk: Desk, datasetId: string): Promise<Map<string, string>> {
  return new Map((await itemsOf(desk, datasetId)).map((item) => [item.learning_example_id, item.split]));
}

async function exported(desk: Desk, datasetId: string, query: object = {}): Promise<string> {
  const { chunks } = await exportDataset(desk.as("viewer"), { datasetId, format: "jsonl", ...query });
  let text = "";
  for await (const chunk of chunks) text += chunk;
  return text;
}

function problem(type: string): unknown {
  return expect.objectContaining({ name: ProblemError.name, type });
}

describeEachEngine("datasets", (suite) => {
  it("take approved, active examples of sufficient quality only", async () => {
    const desk = await openDesk(suite.database, { policy: OPEN });
    const taken = [
      await approved(desk, { domain: "vat", task_type: "answer" }),
      await approved(desk, { example_type: "negative", domain: "audit" }),
      await approved(desk, { example_type: "correction", expected_output: "better" }),
    ];
    await annotate(desk.as("annotator"), (await supply(desk)).id, { quality: 0.1 });
    await annotate(desk.as("annotator"), (await supply(desk)).id, { decision: "reject" });
    const inactive = await approved(desk);
    await desk.as("admin").transact((ctx) =>
      updateExample({
        ctx,
        input: { exampleId: inactive.id, expectedVersion: inactive.version, change: { is_active: false } },
      }),
    );
    await supply(desk);
    const draft = await build(desk, { description: "first" });
    expect(draft).toMatchObject({
      name: "support",
      version: "1",
      description: "first",
      status: "draft",
      agent_ids: [desk.agentId],
      domains: ["audit", "vat"],
      task_types: ["answer"],
      total_examples: 3,
      positive_examples: 1,
      negative_examples: 1,
      correction_examples: 1,
      human_verified_percentage: 0,
      content_hash: null,
      frozen_at: null,
      card: {
        counts: { positive: 1, negative: 1, correction: 1, failure: 0 },
        supervised_examples: 2,
        excluded: { examples: 0 },
        contributors: { people: 0, largest_share: null },
      },
    });
    expect((await itemsOf(desk, draft.id)).map((item) => item.learning_example_id)).toEqual(
      taken.map(({ id }) => id),
    );
    expect(draft.avg_quality_score).toBeGreaterThan(0.7);
    const { train, validation, test } = draft.split_counts;
    expect(train + validation + test).toBe(3);
  });

  it("select by type, domain, task, tag, time, quality and number", async () => {
    const desk = await openDesk(suite.database, { policy: OPEN });
    const made = [
      await approved(desk, { domain: "vat", tags: ["a", "b"] }),
      await approved(desk, { domain: "audit", task_type: "classify", tags: ["c"] }),
      await approved(desk, { example_type: "negative" }),
    ];
    const ids = async (selection: CreateDataset["selection"]): Promise<number[]> => {
      const draft = await build(desk, { selection });
      const items = await itemsOf(desk, draft.id);
      return items.map((item) => made.findIndex(({ id }) => id === item.learning_example_id));
    };
    expect(await ids({ example_types: ["negative"] })).toEqual([2]);
    expect(await ids({ domains: ["vat", "payroll"] })).toEqual([0]);
    expect(await ids({ task_types: ["classify"] })).toEqual([1]);
    expect(await ids({ tags: ["b", "c"] })).toEqual([0, 1]);
    expect(await ids({ max_examples: 2 })).toEqual([1, 2]);
    expect(await ids({ created_before: "2020-01-01T00:00:00Z" })).toEqual([]);
    expect(await ids({ created_after: "2020-01-01T00:00:00+02:00" })).toEqual([0, 1, 2]);
    expect(await ids({ min_quality_score: 0.99 })).toEqual([]);
    await expect(ids({ min_quality_score: 0.5 })).rejects.toEqual(problem("unprocessable"));
    const { data } = await desk
      .as("viewer")
      .transact((ctx) => listDatasets({ ctx, input: { agentId: "my-agent", limit: 3 } }));
    expect(data.map(({ version }) => version)).toEqual(["8", "7", "6"]);
    expect(data[0]?.selection).toEqual({ min_quality_score: 0.99 });
  });

  it("refuse more than one of them holds, and say how to take fewer", async () => {
    const desk = await openDesk(suite.database, { policy: OPEN });
    for (let count = 0; count < 3; count += 1) await approved(desk);
    const draft = await build(desk);
    const rebuilt = (most: number): Promise<unknown> =>
      desk.as("secret").transact(async (ctx) => {
        const agent = await findAgent(ctx, desk.agentId, "body.agent_id");
        const selection = { split: { train: 0.7, validation: 0.15, test: 0.15 } };
        return buildItems(ctx, { datasetId: draft.id, agent, selection, draft: undefined, most });
      });
    await expect(rebuilt(2)).rejects.toThrow(
      /body\.selection fits more than 2 examples.*say how many of the newest it takes in max_examples/,
    );
    expect(await itemsOf(desk, draft.id)).toHaveLength(3);
    expect(await rebuilt(3)).toMatchObject({ card: { supervised_examples: 3 } });
  });

  it("refuse a version that exists", async () => {
    const desk = await openDesk(suite.database, { policy: OPEN });
    await build(desk, { version: "2026.1" });
    await expect(build(desk, { version: "2026.1" })).rejects.toEqual(problem("conflict"));
    expect((await build(desk)).version).toBe("1");
    expect((await build(desk, { name: "other", version: "2026.1" })).version).toBe("2026.1");
  });

  describe("when frozen", () => {
    it("are held to the guide's thresholds, each by itself, with its number and what to do", async () => {
      const desk = await openDesk(suite.database, {
        policy: { training: { annotation_overlap: 2, double_annotation_share: 0 } },
      });
      const annotations: string[] = [];
      for (let index = 0; index < 20; index += 1) {
        const example = await supply(desk);
        const { annotation } = await annotate(desk.as("annotator"), example.id);
        await annotate(desk.as("admin"), example.id);
        annotations.push(annotation.id);
      }
      const failures = async (): Promise<string[]> => {
        const draft = await build(desk);
        try {
          await freeze(desk, draft.id);
          return [];
        } catch (error) {
          if (!(error instanceof ProblemError) || error.type !== "unprocessable") throw error;
          return (error.errors ?? []).map(({ path }) => path);
        }
      };
      const verify = (id: string): Promise<unknown> =>
        desk.as("reviewer").transact((ctx) => verifyAnnotation({ ctx, input: { annotationId: id } }));
      for (const id of annotations.slice(0, 5)) await verify(id);
      expect(await failures()).toEqual(["dataset.human_verified"]);
      await verify(annotations[5] ?? "");
      expect(await failures()).toEqual([]);
      await setPolicy(desk, { annotation_overlap: 2, min_doubly_annotated: 21 });
      expect(await failures()).toEqual(["dataset.doubly_annotated"]);
      await setPolicy(desk, { annotation_overlap: 2 });
      // Six disagreements, adjudicated against: 20 of 26 agree, and the dataset is what it was.
      for (let index = 0; index < 6; index += 1) {
        const example = await supply(desk);
        await annotate(desk.as("annotator"), example.id);
        await annotate(desk.as("admin"), example.id, { decision: "reject" });
        await annotate(desk.as("reviewer"), example.id, {
          annotation_type: "adjudication",
          decision: "reject",
        });
      }
      expect(await failures()).toEqual(["dataset.agreement"]);
      await setPolicy(desk, { annotation_overlap: 2, min_quality_score: 1 });
      expect(await failures()).toEqual(["dataset.examples", "dataset.human_verified", "dataset.agreement"]);
      const draft = await build(desk);
      await expect(freeze(desk, draft.id)).rejects.toThrow("76.9 %");
      const kept = await desk
        .as("viewer")
        .transact((ctx) => getDataset({ ctx, input: { datasetId: draft.id } }));
      expect(kept.status).toBe("draft");
      expect(kept.card.agreement).toMatchObject({ examples: 26 });
      expect(kept.card.agreement.percent).toBeCloseTo(20 / 26, 10);
    });

    it("take the present state of their examples, and say what fell out", async () => {
      const desk = await openDesk(suite.database, { policy: OPEN });
      await agree(desk);
      const [gone, relabelled] = [await approved(desk), await approved(desk)];
      const draft = await build(desk);
      await approved(desk);
      const change = (example: LearningExample, values: object): Promise<unknown> =>
        desk.as("admin").transact((ctx) =>
          updateExample({
            ctx,
            input: { exampleId: example.id, expectedVersion: example.version, change: values },
          }),
        );
      await change(gone, { is_active: false });
      await change(relabelled, { domain: "vat" });
      const frozen = await freeze(desk, draft.id);
      expect(frozen).toMatchObject({ status: "frozen", total_examples: 1, domains: ["vat"] });
      expect(frozen.frozen_at).not.toBeNull();
      expect(frozen.content_hash).toMatch(/^[0-9a-f]{64}$/);
      expect(await itemsOf(desk, draft.id)).toMatchObject([
        { learning_example_id: relabelled.id, domain: "vat" },
      ]);
      expect(
        (await desk.as("secret").transact((ctx) => findNewestFrozenDataset(ctx, desk.agentId)))?.id,
      ).toBe(draft.id);
    });

    it("stay what they are: no verb and no statement changes them", async () => {
      const desk = await openDesk(suite.database, { policy: OPEN });
      await agree(desk);
      const example = await approved(desk);
      const draft = await build(desk);
      const later = await approved(desk);
      const frozen = await freeze(desk, draft.id);
      await expect(freeze(desk, draft.id)).rejects.toEqual(problem("conflict"));
      const refused = (statement: ReturnType<typeof sql>): Promise<string | undefined> =>
        desk
          .as("admin")
          .transact((ctx) => statement.execute(ctx.tx))
          .then(
            () => undefined,
            (error: unknown) => databaseError(error)?.code,
          );
      for (const statement of [
        sql`UPDATE training_dataset_items SET split = 'test' WHERE dataset_id = ${draft.id}`,
        sql`DELETE FROM training_dataset_items WHERE dataset_id = ${draft.id}`,
        sql`INSERT INTO training_dataset_items SELECT organization_id, dataset_id, 99, ${later.id}, split, group_key, item, item_hash
          FROM training_dataset_items WHERE dataset_id = ${draft.id}`,
        sql`UPDATE training_datasets SET content_hash = 'x' WHERE id = ${draft.id}`,
        sql`UPDATE training_datasets SET status = 'draft' WHERE id = ${draft.id}`,
      ])
        expect(await refused(statement)).toBe("23001");
      await desk.as("admin").transact((ctx) =>
        updateExample({
          ctx,
          input: { exampleId: example.id, expectedVersion: example.version, change: { tags: ["later"] } },
        }),
      );
      expect(await itemsOf(desk, draft.id)).toMatchObject([{ tags: [] }]);
      const archived = await desk
        .as("secret")
        .transact((ctx) => archiveDataset({ ctx, input: { datasetId: draft.id } }));
      expect(archived).toMatchObject({ status: "archived", content_hash: frozen.content_hash });
      expect(await itemsOf(desk, draft.id)).toHaveLength(1);
    });

    it("either hold an example that is withdrawn meanwhile, which then stays approved, or do not", async () => {
      const desk = await openDesk(suite.database, { policy: OPEN });
      await agree(desk);
      await approved(desk);
      for (let round = 0; round < 8; round += 1) {
        const execution = await storeExecution(desk);
        const correction = { feedback_type: "correction", correction_text: "better" };
        const feedback = await storeFeedback(desk, execution, correction);
        const change = (before: StoredFeedback | null, after: StoredFeedback | null): Promise<void> =>
          desk.as("secret").transact(async (ctx) => {
            await examplesFromEvidence.feedbackChanged?.(ctx, [{ execution, before, after }]);
          });
        await change(null, feedback);
        const { data } = await desk
          .as("viewer")
          .transact((ctx) => listExamples({ ctx, input: { limit: 1 } }));
        const id = data[0]?.id ?? "";
        await annotate(desk.as("annotator"), id);
        const draft = await build(desk);
        await Promise.all([freeze(desk, draft.id), change(feedback, null)]);
        const isHeld = (await placesOf(desk, draft.id)).has(id);
        const example = await desk
          .as("viewer")
          .transact((ctx) => getExample({ ctx, input: { exampleId: id } }));
        expect(example).toMatchObject({ is_active: false, review_status: isHeld ? "approved" : "withdrawn" });
      }
    });

    it("have one content hash for one content, whoever built it, and another for another", async () => {
      const desk = await openDesk(suite.database, { policy: OPEN });
      await agree(desk);
      for (let index = 0; index < 5; index += 1) await approved(desk);
      const [one, two] = [
        await freeze(desk, (await build(desk)).id),
        await freeze(desk, (await build(desk)).id),
      ];
      expect(two.content_hash).toBe(one.content_hash);
      await approved(desk);
      expect((await freeze(desk, (await build(desk)).id)).content_hash).not.toBe(one.content_hash);
    });
  });

  describe("splits", () => {
    it("keep sessions and near-duplicates together, and nothing moves when examples come", async () => {
      const desk = await openDesk(suite.database, { policy: OPEN });
      await agree(desk);
      const words = (seed: number): string =>
        Array.from({ length: 30 }, (_, at) => `w${(seed * 7919 + at * 104_729) % 997}`).join(" ");
      const split = { train: 0.5, validation: 0.25, test: 0.25 };
      const before = new Map<string, string>();
      for (let round = 0; round < 3; round += 1) {
        for (let index = 0; index < 12; index += 1) {
          const seed = round * 12 + index;
          await approved(desk, { input_text: words(seed), group_key: `session ${seed % 9}` });
          await approved(desk, { input_text: `${words(seed)} thanks` });
          await approved(desk, { input_text: words(seed) });
        }
        const frozen = await freeze(desk, (await build(desk, { split })).id);
        const places = await placesOf(desk, frozen.id);
        for (const [id, place] of before) expect(places.get(id)).toBe(place);
        for (const [id, place] of places) before.set(id, place);
        const items = await itemsOf(desk, frozen.id);
        const byText = Map.groupBy(items, (item) => item.input_text.replace(" thanks", ""));
        for (const group of byText.values()) expect(new Set(group.map((item) => item.split)).size).toBe(1);
        expect(frozen.card.duplicates.groups).toBe((round + 1) * 12);
        expect(frozen.card.duplicates.examples).toBe((round + 1) * 36);
        expect(frozen.card.splits.train.groups).toBeLessThan(frozen.card.splits.train.examples);
      }
      expect(new Set(before.values())).toEqual(new Set(["train", "validation", "test"]));
    });

    it("leave out what would carry a test example into training", async () => {
      const desk = await openDesk(suite.database, { policy: OPEN });
      await agree(desk);
      const made: LearningExample[] = [];
      for (let index = 0; index < 20; index += 1) made.push(await approved(desk, { group_key: `g${index}` }));
      const first = await freeze(
        desk,
        (await build(desk, { split: { train: 0.5, validation: 0, test: 0.5 } })).id,
      );
      const places = await placesOf(desk, first.id);
      const inTrain = made.findIndex(({ id }) => places.get(id) === "train");
      const inTest = made.find(({ id }) => places.get(id) === "test");
      const bridge = await approved(desk, { input_text: inTest?.input_text ?? "", group_key: `g${inTrain}` });
      const second = await freeze(desk, (await build(desk)).id);
      expect(second.card.excluded).toEqual({ examples: 1, ids: [bridge.id] });
      expect(second.card.warnings.join(" ")).toContain("left out");
      expect(await placesOf(desk, second.id)).toEqual(places);
    });
  });

  describe("exports", () => {
    it("are the same bytes every time, and carry what the hash covers", async () => {
      const desk = await openDesk(suite.database, { policy: OPEN });
      await agree(desk);
      for (let index = 0; index < 6; index += 1)
        await approved(desk, { input_context: { z: index, a: { n: 0.1 * index, m: "ü" } } });
      const frozen = await freeze(desk, (await build(desk)).id);
      const text = await exported(desk, frozen.id);
      expect(await exported(desk, frozen.id)).toBe(text);
      expect(text.endsWith("}\n")).toBe(true);
      const tree = new MerkleTree();
      for (const line of text.trimEnd().split("\n")) {
        const row = JSON.parse(line) as ExportItem;
        if ("erased" in row.item) throw new Error("nobody was erased");
        expect(hashItem(row.item)).toBe(row.item_hash);
        tree.append(merkleLeaf(row.item_hash, row.split));
      }
      expect(tree.root()).toBe(frozen.content_hash);
    });

    it("hold no negative without an expected output where a model would learn from it", async () => {
      const desk = await openDesk(suite.database, { policy: OPEN });
      await agree(desk);
      await approved(desk, { example_type: "negative", input_text: "unanswered" });
      const answered = await supply(desk, { example_type: "negative", input_text: "answered" });
      await annotate(desk.as("annotator"), answered.id, { corrected_output: "right" });
      await approved(desk, {
        example_type: "preference",
        input_text: "which",
        output_a: "a",
        output_b: "b",
        preferred_output: "A",
      });
      const frozen = await freeze(desk, (await build(desk)).id);
      const lines = async (format: string): Promise<unknown[]> =>
        (await exported(desk, frozen.id, { format }))
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as unknown);
      expect(await lines("jsonl")).toHaveLength(3);
      expect(await lines("chat")).toEqual([
        {
          messages: [
            { role: "user", content: "answered" },
            { role: "assistant", content: "right" },
          ],
        },
      ]);
      expect(await lines("preference")).toEqual([
        { prompt: "answered", chosen: "right", rejected: "answer" },
        { prompt: "which", chosen: "a", rejected: "b" },
      ]);
      const splits = ["train", "validation", "test"] as const;
      const parts = await Promise.all(splits.map((split) => exported(desk, frozen.id, { split })));
      const together = parts.join("").trimEnd().split("\n").sort();
      expect(together).toEqual((await exported(desk, frozen.id)).trimEnd().split("\n").sort());
    });

    it("are of frozen datasets only", async () => {
      const desk = await openDesk(suite.database, { policy: OPEN });
      await approved(desk);
      const draft = await build(desk);
      await expect(exported(desk, draft.id)).rejects.toEqual(problem("conflict"));
      await expect(exported(desk, desk.agentId)).rejects.toEqual(problem("not-found"));
    });
  });

  it("mark what was learned from, and show in the lineage of their examples", async () => {
    const desk = await openDesk(suite.database, { policy: OPEN });
    await agree(desk);
    for (let index = 0; index < 10; index += 1) await approved(desk);
    const frozen = await freeze(
      desk,
      (await build(desk, { split: { train: 0.5, validation: 0, test: 0.5 } })).id,
    );
    const { train, test } = frozen.split_counts;
    const mark = (): Promise<number> => desk.as("secret").transact((ctx) => markExamplesUsed(ctx, frozen.id));
    expect([await mark(), await mark()]).toEqual([train, train]);
    expect(test).toBeGreaterThan(0);
    for (const [id, split] of await placesOf(desk, frozen.id)) {
      const example = await desk
        .as("viewer")
        .transact((ctx) => getExample({ ctx, input: { exampleId: id } }));
      expect(example.times_used_in_training).toBe(split === "train" ? 2 : 0);
      expect(example.last_used_at === null).toBe(split !== "train");
      expect(example.lineage.datasets).toEqual([
        { id: frozen.id, name: "support", version: "1", status: "frozen", split },
      ]);
    }
  });
});
