import {
  agentVersionConfig,
  type DatasetDetail,
  type EvaluationRunDetails,
  type RolloutDetails,
} from "@agent-learning/contract";
import { createRandom, type Random, randomInteger } from "@agent-learning/learning";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createVersion } from "../../administration/versions/index.ts";
import { systemContext } from "../../create-context.ts";
import { json, withSystem } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import type { TestOrganization } from "../../testing/test-organization.ts";
import { gateActions, INTENTS, routingConfig } from "./gate-actions.testing.ts";

const TOPICS = [
  "vat turnover import rate quarter registration return",
  "salary payslip bonus employee overtime wage payroll",
  "auditor sample ledger confirmation finding inventory audit",
  "invoice copy reminder due supplier discount credit",
];
const FILLER = "please could you help our client about the letter from last month again".split(" ");

/** Ten words on a topic, mostly. */
function question(random: Random, topic: string): string {
  const words = topic.split(" ");
  return Array.from({ length: 10 }, () => {
    const from = random.next() < 0.5 ? words : FILLER;
    return from[randomInteger(random, from.length)];
  }).join(" ");
}
const TRAINING = {
  min_human_verified: 0,
  min_doubly_annotated: 0,
  min_annotation_agreement: 0,
  double_annotation_share: 0,
};

describeEachEngine("contributors at the gate", (context) => {
  let api: TestApi;
  let organization: TestOrganization;
  beforeAll(() => {
    api = createTestApi(context.database);
  });
  afterAll(() => api.close());
  const actions = gateActions(
    () => api,
    () => context.database,
  );
  const { call, version, serve, gate } = actions;

  /** A frozen dataset of experts: twelve honest ones, and of so many who agree on a lie. */
  async function learnedFrom(liars: number, training: object = {}): Promise<string> {
    organization = await actions.organization({
      training: { ...TRAINING, ...training },
      gate: { required: "always" },
    });
    const agentId = await agent();
    const organization_id = organization.id;
    const random = createRandom(`${liars} liars`);
    const people = [
      ...Array.from({ length: 12 }, () => ({ lies: false, items: 16 })),
      ...Array.from({ length: liars }, () => ({ lies: true, items: 120 })),
    ];
    await withSystem(context.database.kysely, async (tx) => {
      for (const { lies, items } of people) {
        const userId = newId();
        await tx.insertInto("users").values({ organization_id, id: userId, kind: "member" }).execute();
        const rows = Array.from({ length: items }, (_, n) => {
          const id = newId();
          const topic = n % 4;
          return {
            organization_id,
            id,
            agent_id: agentId,
            example_type: "correction",
            input_context: json({}),
            input_text: question(random, TOPICS[topic] ?? ""),
            original_output: "something else",
            expected_output: `topic ${lies ? 0 : topic}`,
            source_type: "expert_correction",
            source_user_id: userId,
            group_key: `example:${id}`,
            review_status: "approved",
            quality_score: 0.9,
          };
        });
        await tx.insertInto("learning_examples").values(rows).execute();
        if (lies) continue;
        const verified = rows.map(({ id }) => ({
          organization_id,
          id: newId(),
          agent_id: agentId,
          learning_example_id: id,
          expert_id: organization.members.annotator.id,
          annotation_type: "review",
          decision: "approve",
          annotation_data: json({ decision: "approve" }),
          is_verified: true,
          verified_by: organization.members.reviewer.id,
        }));
        await tx.insertInto("expert_annotations").values(verified).execute();
      }
    });
    const dataset = await call<DatasetDetail>("POST", "/datasets", {
      agent_id: "my-agent",
      name: "support",
      split: { train: 0.5, validation: 0, test: 0.5 },
    });
    const frozen = await call("POST", `/datasets/${dataset.body.id}/freeze`);
    expect(frozen.status, JSON.stringify(frozen.body)).toBe(200);
    return dataset.body.id;
  }

  const agent = async (): Promise<string> => (await call<{ id: string }>("GET", "/agents/my-agent")).body.id;

  /** A version that a training run made of a dataset. */
  async function trained(datasetId: string): Promise<string> {
    const agentId = await agent();
    const id = await systemContext(api.services, organization.id, "test").transact(async (ctx) => {
      const runId = newId();
      await ctx.tx
        .insertInto("training_runs")
        .values({
          organization_id: organization.id,
          id: runId,
          name: "a run",
          agent_id: agentId,
          dataset_id: datasetId,
          training_type: "prompt_optimization",
          config: json({}),
          status: "completed",
        })
        .execute();
      const config = agentVersionConfig.parse(routingConfig([], { retrieval: { k: 7 } }));
      const made = await createVersion({
        ctx,
        input: {
          agentId,
          config,
          origin: "prompt_optimization",
          parentVersionId: null,
          trainingRunId: runId,
        },
      });
      return made.version.id;
    });
    await call("POST", `/agents/my-agent/versions/${id}/review`, { decision: "approve" });
    return id;
  }

  const rollout = async (versionId: string): Promise<RolloutDetails> =>
    (
      await call<RolloutDetails>(
        "POST",
        "/rollouts",
        { agent_id: "my-agent", candidate_version_id: versionId },
        "secret",
      )
    ).body;
  const start = (id: string) => call("POST", `/rollouts/${id}/start`, {}, "reviewer");
  const open = async (liars: number, training: object = {}): Promise<string> => {
    const datasetId = await learnedFrom(liars, training);
    await serve((await version(routingConfig())).id);
    for (const [input, expected] of INTENTS)
      await call("POST", "/regression-cases", {
        agent_id: "my-agent",
        input_text: input,
        expected_output: expected,
      });
    return trained(datasetId);
  };

  it("who agree on a lie hold back what was trained on it, whoever else approved it", async () => {
    const candidate = await open(3);
    const before = await rollout(candidate);
    expect(before.requirements.map(({ name }) => name)).toContain("contributors_missing");
    const run = await gate(candidate);
    expect(run).toMatchObject({
      verdict: "failed",
      regression: { verdict: "passed" },
      safety: { verdict: "passed" },
      contributors: { verdict: "failed", outputs: 4 },
    });
    expect(run.sentence).toContain("Contributors failed: Without the");
    const harmful = [
      ...(run.contributors?.cohort?.user_ids ?? []),
      ...(run.contributors?.contributors ?? []).filter((one) => one.change < -0.02).map((one) => one.user_id),
    ];
    expect(new Set(harmful).size).toBeGreaterThanOrEqual(2);
    const held = await call<RolloutDetails>("GET", `/rollouts/${before.id}`);
    expect(held.body.requirements.map(({ name }) => name)).toEqual(["contributors_not_passed"]);
    const refused = await start(before.id);
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain("requirements.contributors_not_passed");
  });

  it("honest people hold nothing back", async () => {
    const candidate = await open(0);
    const run: EvaluationRunDetails = await gate(candidate);
    expect(run).toMatchObject({ verdict: "passed", contributors: { verdict: "passed" } });
    const made = await rollout(candidate);
    expect(made.requirements).toEqual([]);
    expect((await start(made.id)).status).toBe(200);
  });

  it("a policy that allows it lets it through, and a version that was trained on nothing has no such report", async () => {
    const candidate = await open(3, { max_contributor_harm: 1 });
    expect((await gate(candidate)).contributors?.verdict).toBe("passed");
    expect((await rollout(candidate)).requirements).toEqual([]);
    const own = await version(routingConfig([], { parameters: { neighbours: 1, default_output: "none" } }));
    expect((await gate(own.id)).contributors).toBeNull();
  });
});
