import type { LearningExample } from "@agent-learning/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { json, withSystem } from "../../database/index.ts";
import { evidenceObservers } from "../../evidence-observers.ts";
import { systemContext } from "../../create-context.ts";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import type { RecordingJobQueue } from "../../testing/test-services.ts";
import { rescoreJob } from "../annotations/index.ts";
import { qualityTenth } from "../statistics/index.ts";
import { caller, seeded } from "./two-worlds.testing.ts";

const EXAMPLES = 16;

/** What others said of an example, in a world with somebody who leaves or without. */
interface Told {
  status: string;
  score: number | null;
}

describeEachEngine("scores of reviews in which an erased person had no part", (context) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(context.database, { evidenceObservers });
  });
  afterAll(async () => {
    await setClock(context.database, "0");
    await api.close();
  });

  /** Five answers of the annotator that the reviewer's known answers call wrong. */
  async function disagreeWithGold(
    organization: TestOrganization,
    agentId: string,
    ids: string[],
  ): Promise<void> {
    await withSystem(context.database.kysely, async (tx) => {
      for (const id of ids) {
        const key = { organization_id: organization.id, agent_id: agentId, learning_example_id: id };
        await tx
          .insertInto("gold_answers")
          .values({ ...key, decision: "approve", created_by: organization.members.reviewer.id })
          .execute();
        await tx
          .insertInto("expert_annotations")
          .values({
            ...key,
            id: newId(),
            expert_id: organization.members.annotator.id,
            annotation_type: "review",
            annotation_data: json({}),
            decision: "reject",
            gold_agreed: false,
          })
          .execute();
      }
    });
  }

  async function live(seed: number, withThem: boolean) {
    await setClock(context.database, "0");
    const organization = await createTestOrganization(context.database);
    const policy = { training: { annotation_overlap: 2, min_quality_score: 0 } };
    const agentId = await createTestAgent(context.database, organization.id, { policy });
    const call = caller(api, organization);
    const random = seeded(seed);
    const supply = async (): Promise<string> => {
      const example = {
        agent_id: "my-agent",
        example_type: "negative",
        input_text: "question",
        original_output: "wrong",
      };
      return (await call<LearningExample>("POST", "/examples", example, { as: "secret" })).id;
    };
    const judge = (id: string, as: "annotator" | "admin" | "reviewer", decision: string, quality: number) =>
      call(
        "POST",
        "/annotations",
        {
          learning_example_id: id,
          decision,
          technical_accuracy: quality,
          professional_quality: quality,
          completeness: quality,
          clarity: quality,
        },
        { as },
      );
    const others: string[] = [];
    for (let index = 0; index < EXAMPLES; index += 1) {
      // What was said more than ninety days ago is in no mean any more.
      await setClock(context.database, `${index * 9} days`);
      const decision = random() < 0.7 ? "approve" : "reject";
      const [own, first, second] = [random(), random(), random()].map(
        (value) => Math.round(value * 100) / 100,
      );
      const theirs = await supply();
      const id = await supply();
      if (withThem) {
        await judge(theirs, "reviewer", decision, own ?? 0);
        await judge(theirs, "admin", decision, own ?? 0);
        if (index === 5) {
          const gold = [];
          for (let count = 0; count < 5; count += 1) gold.push(await supply());
          await disagreeWithGold(organization, agentId, gold);
        }
      } else await judge(theirs, "admin", decision, own ?? 0);
      await judge(id, "annotator", decision, first ?? 0);
      await judge(id, "admin", decision, second ?? 0);
      others.push(id);
    }
    const told = async (): Promise<Told[]> => {
      const { data } = await call<{ data: LearningExample[] }>("GET", "/examples?limit=200");
      const byId = new Map(data.map((example) => [example.id, example]));
      return others.map((id) => ({
        status: byId.get(id)?.review_status ?? "gone",
        score: byId.get(id)?.quality_score ?? null,
      }));
    };
    // How many examples were settled with a score in each tenth: as counted, and as they are.
    const tenths = async (): Promise<{ counted: Map<string, number>; settled: Map<string, number> }> => {
      const rows = await withSystem(context.database.kysely, (tx) =>
        tx
          .selectFrom("agent_daily_statistics")
          .select(["metric", (of) => of.fn.sum<number>("count").as("count")])
          .where("organization_id", "=", organization.id)
          .where("metric", "like", "quality:%")
          .groupBy("metric")
          .execute(),
      );
      const counted = new Map(
        rows.map((row) => [row.metric, Number(row.count)]).filter(([, count]) => count !== 0) as [
          string,
          number,
        ][],
      );
      const settled = new Map<string, number>();
      const { data } = await call<{ data: LearningExample[] }>("GET", "/examples?limit=200");
      for (const { quality_score: score } of data) {
        if (score === null) continue;
        const name = `quality:${qualityTenth(score)}`;
        settled.set(name, (settled.get(name) ?? 0) + 1);
      }
      return { counted, settled };
    };
    return { organization, call, told, tenths };
  }

  it.each([1, 2])(
    "are those of a world without them, once a job has gone through them (seed %i)",
    async (seed) => {
      const without = await live(seed, false);
      const expected = await without.told();
      const { organization, call, told, tenths } = await live(seed, true);
      const before = await told();
      expect(before).not.toEqual(expected);
      const queue = api.services.jobs as RecordingJobQueue;
      queue.enqueued.length = 0;
      await call("DELETE", `/persons/${organization.members.reviewer.id}`);
      const jobs = queue.enqueued.filter(({ name }) => name === rescoreJob.name);
      expect(jobs).toHaveLength(1);
      expect(JSON.stringify(jobs)).not.toContain(organization.members.reviewer.id);
      // Twice, as a queue may.
      for (let turn = 0; turn < 2; turn += 1) {
        for (const { data } of jobs)
          await rescoreJob.run({
            ctx: systemContext(api.services, organization.id, "test"),
            data,
            signal: new AbortController().signal,
          });
        expect(await told()).toEqual(expected);
        const { counted, settled } = await tenths();
        expect(counted).toEqual(settled);
      }
    },
  );
});
