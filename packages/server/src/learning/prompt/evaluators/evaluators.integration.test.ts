import type { LearningBudget, Problem, TrainingRun } from "@agent-learning/contract";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { json, withSystem } from "../../../database/index.ts";
import {
  hang,
  json as reply,
  raw,
  type ScriptedEndpoint,
  startScriptedEndpoint,
} from "../../../models/scripted-endpoint.testing.ts";
import { newId } from "../../../new-id.ts";
import { createWebhooks } from "../../../outgoing/create-webhooks.ts";
import { describeEachEngine } from "../../../testing/test-database.ts";
import {
  BEGINNER,
  functionModel,
  modelProvider,
  openBench,
  type PromptBench,
  question,
} from "../prompt-actions.testing.ts";

const RUBRIC = "The answer names the subject and nothing else.";
// How many rows the gate gets depends on ids; whether few of them prove it is not the question here.
const BETTER = expect.stringMatching(/^(promote|send_to_experiment)$/) as unknown;
const reasons = (run: TrainingRun): string => (run.metrics["reasons"] as string[]).join(" ");

describeEachEngine("evaluators of a prompt optimisation", (context) => {
  let endpoint: ScriptedEndpoint;
  let bench: PromptBench | undefined;
  beforeAll(async () => {
    endpoint = await startScriptedEndpoint();
  });
  afterEach(async () => bench?.server.close());
  afterAll(() => endpoint.close());

  const webhooks = createWebhooks({ allowPrivate: true, secret: undefined }, { timeoutMilliseconds: 500 });

  async function open(...parameters: Parameters<typeof openBench> extends [unknown, ...infer R] ? R : never) {
    bench = await openBench(context.database, ...parameters);
    return bench;
  }

  describe("what cannot be carried out is refused with its field", () => {
    const schema = (inner: unknown) => ({ kind: "json_schema", schema: { properties: { a: inner } } });

    it.each<[Record<string, unknown>, string, number]>([
      [{ evaluator: { kind: "judge", rubric: RUBRIC } }, "evaluator", 422],
      [{ evaluator: { kind: "embedding_similarity" } }, "evaluator", 422],
      [{ evaluator: { kind: "webhook", url: "http://127.0.0.1/score" } }, "evaluator.url", 422],
      [{ evaluator: { kind: "webhook", url: "https://10.0.0.1/score" } }, "evaluator.url", 422],
      [{ evaluator: schema({ $ref: "#/b" }) }, "evaluator.schema.properties.a.$ref", 422],
      [{ evaluator: schema({ pattern: "(a+" }) }, "evaluator.schema.properties.a.pattern", 422],
      [{ evaluator: { kind: "regex", pattern: "(" } }, "evaluator.pattern", 400],
      [{ evaluator: { kind: "numeric", absolute: -1 } }, "evaluator.absolute", 400],
      [{ evaluator: { kind: "vote" } }, "evaluator.kind", 400],
      [{ goal_weights: { clarity: 2 } }, "goal_weights.clarity", 400],
      [{ budget_tokens: 0 }, "budget_tokens", 400],
      [
        { optimization_goals: ["clarity"], goal_evaluators: { clarity: { kind: "judge", rubric: RUBRIC } } },
        "goal_evaluators.clarity",
        422,
      ],
    ])("%j", async (settings, field, status) => {
      const { ask } = await open();
      const asked = await ask<Problem>("POST", "/optimize-prompt", { agent_id: "my-agent", ...settings });
      expect(asked.body.errors?.map(({ path }) => path)).toEqual([`body.${field}`]);
      expect(asked.status).toBe(status);
      // The general way to start a run says where in its config.
      const general = { agent_id: "my-agent", name: "run", training_type: "prompt_optimization" };
      const inConfig = await ask<Problem>("POST", "/training-runs", { ...general, config: settings });
      expect(inConfig).toMatchObject({ status: 422, body: { errors: [{ path: `body.config.${field}` }] } });
    });
  });

  it("asks the caller's webhook, once for each answer, and its goals count", async () => {
    const { optimise, addExamples, putIntoService, read } = await open({ webhooks });
    await putIntoService(BEGINNER);
    await addExamples(30);
    endpoint.script((response) => {
      const asked = endpoint.requests.at(-1)?.body;
      const score = asked?.["output"] === asked?.["expected"] ? 1 : 0;
      return reply(200, { score, feedback: "", objectives: { tone: score } })(response);
    });
    const run = await optimise({
      optimization_goals: ["accuracy", "tone"],
      goal_weights: { accuracy: 3 },
      evaluator: { kind: "webhook", url: `${endpoint.url}/score`, objectives: ["tone"] },
    });
    expect(run.metrics).toMatchObject({ outcome: BETTER, unmeasured_goals: [] });
    expect(run.config).toMatchObject({ evaluator: { kind: "webhook" }, goal_weights: { accuracy: 3 } });
    const asked = endpoint.requests.map(({ body }) => JSON.stringify(body));
    expect(asked.length).toBeGreaterThan(50);
    // The gate's memory is its own.
    expect(asked.length).toBeLessThan(2 * new Set(asked).size);
    expect((await read(run.id)).best_metrics).toMatchObject({ score: expect.any(Number) as number });
  });

  it.each([
    ["is away", reply(503, {}), /The evaluator failed 5 times in a row: .*the webhook answered 503/],
    ["hangs", hang, /no answer within 0.5 seconds/],
    ["answers nonsense", raw(200, "text/html", "<p>fine</p>"), /not JSON/],
    ["gives no score", reply(200, { score: "good" }), /"score" is not a number from 0 to 1/],
  ])("keeps the seed and says why when the webhook %s", async (_what, answer, sentence) => {
    const { optimise, addExamples, putIntoService } = await open({ webhooks });
    await putIntoService(BEGINNER);
    await addExamples(30);
    endpoint.script(answer);
    const run = await optimise({ evaluator: { kind: "webhook", url: endpoint.url } });
    expect(run).toMatchObject({ status: "completed", candidate_version_id: null });
    expect(run.metrics).toMatchObject({ outcome: "seed_kept" });
    expect(reasons(run)).toMatch(sentence);
  });

  it("scores JSON by its schema and its fields", async () => {
    const { optimise, addExamples, putIntoService } = await open();
    await putIntoService({ ...BEGINNER, demonstrations: [], parameters: { default_output: "{}" } });
    await addExamples(30, (label) => JSON.stringify({ subject: label, urgent: false }));
    const run = await optimise({
      evaluator: {
        kind: "json_schema",
        schema: { type: "object", required: ["subject"], properties: { subject: { type: "string" } } },
        weights: { urgent: 0 },
      },
    });
    expect(run.metrics).toMatchObject({ outcome: BETTER, gate: { baseline_score: 0 } });
  });

  it("a right answer to a pinned case passes whatever the goals say of its length", async () => {
    const { optimise, addExamples, putIntoService, call } = await open();
    await putIntoService(BEGINNER);
    await addExamples(30);
    await call("POST", "/regression-cases", {
      agent_id: "my-agent",
      input_text: question("vat", 1),
      expected_output: "VAT.",
    });
    const run = await optimise({ optimization_goals: ["accuracy", "conciseness"] });
    expect(run.metrics).toMatchObject({ outcome: BETTER });
  });

  it("measures meaning with the embedder, and counts what it asks towards the organization's budget", async () => {
    let asked = 0;
    const embedder = {
      name: "letters",
      embed: async (texts: readonly string[]) => {
        asked += 1;
        return texts.map((text) =>
          "abcdefghijklmnopqrstuvwxyz".split("").map((letter) => text.split(letter).length - 1),
        );
      },
    };
    const { optimise, addExamples, putIntoService, call, organization } = await open({
      embedders: { configured: true, load: async () => embedder, dispose: async () => undefined },
    });
    await putIntoService(BEGINNER);
    await addExamples(30);
    const evaluator = { kind: "embedding_similarity", threshold: 0.95 };
    const run = await optimise({ evaluator });
    expect(run.metrics).toMatchObject({ outcome: BETTER, spent: { calls: asked } });
    const { spent } = await call<LearningBudget>("GET", "/budget");
    expect(spent).toMatchObject({ calls: asked, cost: 0 });
    expect(spent.tokens).toBeGreaterThan(asked);
    const limit = asked + 5;
    await call("PUT", "/budget", { max_calls: limit }, organization.members.admin.key);
    const stopped = await optimise({ evaluator, seed: 2 });
    expect(stopped.metrics).toMatchObject({
      outcome: "seed_kept",
      reasons: [expect.stringContaining(`budget of ${limit} calls`)],
      spent: { calls: 5 },
    });
    const { baseline_score } = run.metrics["gate"] as { baseline_score: number };
    expect(baseline_score).toBeGreaterThan(0.4);
  });

  describe("a judge", () => {
    /** 30 corrections that an expert approved: 30 answers to pass, 30 to refuse. */
    async function annotate({ organization, agentId }: PromptBench): Promise<void> {
      const examples = Array.from({ length: 30 }, (_, index) => ({
        organization_id: organization.id,
        id: newId(),
        agent_id: agentId,
        example_type: "correction",
        input_context: json({}),
        input_text: `judged ${index}`,
        original_output: "I could not say",
        expected_output: "vat",
        source_type: "import",
        group_key: `judged:${index}`,
        review_status: "pending",
      }));
      await withSystem(context.database.kysely, async (tx) => {
        await tx.insertInto("learning_examples").values(examples).execute();
        await tx
          .insertInto("expert_annotations")
          .values(
            examples.map(({ id }) => ({
              organization_id: organization.id,
              id: newId(),
              agent_id: agentId,
              learning_example_id: id,
              expert_id: organization.members.annotator.id,
              annotation_type: "review",
              annotation_data: json({}),
              decision: "approve",
            })),
          )
          .execute();
      });
    }
    const judgeOf = (passes: (answer: string) => boolean) =>
      functionModel(({ messages }) => {
        const answer = /<answer>"(.*)"<\/answer>/u.exec(messages.at(-1)?.content ?? "")?.[1] ?? "";
        return JSON.stringify({ reason: "", pass: passes(answer) });
      });
    const settings = {
      optimization_goals: ["accuracy", "clarity"],
      goal_evaluators: { clarity: { kind: "judge", rubric: RUBRIC } },
    };

    it("that agrees with experts counts, and its shares are corrected by how it errs", async () => {
      const model = judgeOf((answer) => answer !== "I could not say");
      const own = await open({ models: modelProvider(model), vetCandidate: async () => undefined });
      await own.putIntoService({
        ...BEGINNER,
        demonstrations: [],
        parameters: { default_output: "I could not say" },
      });
      await own.addExamples(30);
      await annotate(own);
      const run = await own.optimise(settings);
      expect(run.metrics).toMatchObject({
        outcome: BETTER,
        unmeasured_goals: [],
        judges: [
          {
            goal: "clarity",
            usable: true,
            sensitivity: { successes: 30, trials: 30 },
            specificity: { successes: 30, trials: 30 },
            candidate: { corrected: 1, interval: [expect.any(Number), 1] },
            baseline: { corrected: 0 },
          },
        ],
      });
      const { totals } = run.metrics["ledger"] as { totals: { judge: { calls: number } } };
      expect(totals.judge.calls).toBeGreaterThan(60);
    });

    it("that passes everything has no say: its goal is unmeasured", async () => {
      const own = await open({
        models: modelProvider(judgeOf(() => true)),
        vetCandidate: async () => undefined,
      });
      await own.putIntoService(BEGINNER);
      await own.addExamples(30);
      await annotate(own);
      const run = await own.optimise(settings);
      expect(run.metrics).toMatchObject({
        outcome: BETTER,
        unmeasured_goals: [
          { goal: "clarity", reason: expect.stringContaining("too close to chance") as string },
        ],
      });
    });

    it("that nobody could measure scores nothing: the seed stays", async () => {
      const own = await open({ models: modelProvider(judgeOf(() => true)) });
      await own.putIntoService(BEGINNER);
      await own.addExamples(30);
      const run = await own.optimise({ evaluator: { kind: "judge", rubric: RUBRIC } });
      expect(run.metrics).toMatchObject({ outcome: "seed_kept" });
      expect(reasons(run)).toMatch(/cannot be believed.*20 of each are needed/);
    });
  });
});
