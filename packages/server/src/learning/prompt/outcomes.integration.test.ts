import type { TrainingRun } from "@agent-learning/contract";
import type { GenerateRequest } from "@agent-learning/learning";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openAICompatibleModel } from "../../models/openai-compatible.ts";
import {
  completion,
  hang,
  json,
  raw,
  type Reply,
  type ScriptedEndpoint,
  stall,
  startScriptedEndpoint,
} from "../../models/scripted-endpoint.testing.ts";
import { createOutgoingFetch } from "../../outgoing/outgoing-fetch.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  BEGINNER,
  functionModel,
  imitate,
  modelProvider,
  openBench,
  type PromptBench,
} from "./prompt-actions.testing.ts";

const AGENT = {
  runtime: "model",
  components: { system_prompt: "Name the subject." },
  parameters: { max_tokens: 8 },
};

describeEachEngine("a prompt optimisation that can learn nothing", (context) => {
  let endpoint: ScriptedEndpoint;
  let bench: PromptBench | undefined;
  beforeAll(async () => {
    endpoint = await startScriptedEndpoint();
  });
  afterEach(async () => bench?.server.close());
  afterAll(() => endpoint.close());

  async function open(...parameters: Parameters<typeof openBench> extends [unknown, ...infer R] ? R : never) {
    bench = await openBench(context.database, ...parameters);
    return bench;
  }

  /** The run ended, nothing new is there, production is what it was; the reasons as one text. */
  async function reasonsOfKeptSeed(run: TrainingRun, base: string): Promise<string> {
    expect(run).toMatchObject({ status: "completed", candidate_version_id: null, error: null });
    expect(run.metrics).toMatchObject({
      outcome: "seed_kept",
      spent: { calls: expect.any(Number) as number },
    });
    const serving = await bench?.call("GET", "/agents/my-agent/serving");
    expect(serving).toMatchObject({ default_version_id: base });
    return (run.metrics["reasons"] as string[]).join(" ");
  }

  const endpointModel = (timeoutMilliseconds = 300) =>
    modelProvider(
      openAICompatibleModel({
        url: endpoint.url,
        name: "small",
        key: undefined,
        fetch: createOutgoingFetch({ allowPrivate: true }),
        timeoutMilliseconds,
        retries: 0,
      }),
    );

  it("without examples", async () => {
    const { putIntoService, optimise } = await open();
    const base = await putIntoService(BEGINNER);
    expect(await reasonsOfKeptSeed(await optimise(), base)).toMatch(/no dataset that may be learned from/);
  });

  it("with examples that nobody said the answer to", async () => {
    const { putIntoService, optimise, addExamples } = await open();
    const base = await putIntoService(BEGINNER);
    await addExamples(20, () => "");
    expect(await reasonsOfKeptSeed(await optimise(), base)).toMatch(/no .*example|learned from/i);
  });

  it("from examples that contradict each other: what they say is counted, and nothing gets better by chance", async () => {
    const { putIntoService, optimise, addExamples } = await open({
      models: modelProvider(functionModel(imitate)),
      vetCandidate: async () => undefined,
    });
    const base = await putIntoService(AGENT);
    // Each question twice, with two answers that no other question has.
    await addExamples(12, (label, index) => `first ${label} ${index}`);
    await addExamples(12, (label, index) => `second ${label} ${index}`);
    const run = await optimise({ budget_calls: 200 });
    const reasons = await reasonsOfKeptSeed(run, base);
    expect(run.metrics["contradictions"]).toBeGreaterThan(20);
    expect(reasons).toMatch(/inputs have more than one approved output/);
  });

  it("from a metric that says the same of everything", async () => {
    const { putIntoService, optimise, addExamples } = await open({
      models: modelProvider(functionModel(imitate)),
      vetCandidate: async () => undefined,
    });
    const base = await putIntoService(AGENT);
    await addExamples(20);
    const run = await optimise({ evaluator: { kind: "regex", pattern: "^" } });
    expect(await reasonsOfKeptSeed(run, base)).toMatch(/same score|No candidate is expected to be better/);
  });

  it.each([
    [{ budget_calls: 1 }, /budget of 1 calls is too small/],
    [{ budget_calls: 12 }, /budget of 12 calls is too small|No candidate is expected/],
    [{ budget_tokens: 50 }, /budget of 400 calls, 50 tokens is too small/],
  ])("with a budget too small to decide: %j", async (settings, sentence) => {
    const model = functionModel(imitate);
    const { putIntoService, optimise, addExamples } = await open({
      models: modelProvider(model),
      vetCandidate: async () => undefined,
    });
    const base = await putIntoService(AGENT);
    await addExamples(20);
    expect(await reasonsOfKeptSeed(await optimise(settings), base)).toMatch(sentence);
    expect(model.requests.length).toBeLessThanOrEqual(12);
  });

  describe("from an endpoint that", () => {
    it.each<[string, Reply, RegExp]>([
      ["fails", json(500, { error: { message: "out of memory" } }), /model failed 5 times in a row: .*500/],
      ["refuses the key", json(401, { error: { message: "no" } }), /model failed 5 times in a row: .*401/],
      ["hangs", hang, /no usable answer within 0.3 seconds/],
      ["stalls", stall, /no usable answer within 0.3 seconds/],
      ["answers with a page", raw(200, "text/html", "<p>hello</p>"), /model failed 5 times in a row/],
      ["answers with nothing", completion(null), /No candidate is expected to be better/],
      ["answers with nonsense", completion("🤷 lorem ipsum"), /No candidate is expected to be better/],
    ])("%s", async (_what, reply, sentence) => {
      const { putIntoService, optimise, addExamples } = await open({
        models: endpointModel(),
        vetCandidate: async () => undefined,
      });
      const base = await putIntoService(AGENT);
      await addExamples(20);
      endpoint.script(reply);
      expect(await reasonsOfKeptSeed(await optimise({ budget_calls: 120 }), base)).toMatch(sentence);
    });

    it("goes away in the gate", async () => {
      let isGone = false;
      const model = functionModel((request: GenerateRequest) => {
        if (isGone) throw new Error("connection refused");
        return imitate(request);
      });
      const { putIntoService, call, run, read, addExamples, services, organization } = await open({
        models: modelProvider(model),
        vetCandidate: async () => undefined,
      });
      const base = await putIntoService(AGENT);
      await addExamples(40);
      const pinned = services.pinnedCases;
      // The gate asks for the pinned cases before it asks the model.
      Object.assign(services, {
        pinnedCases: (...parameters: Parameters<typeof pinned>) => {
          isGone = true;
          return pinned(...parameters);
        },
      });
      const { id } = await call<TrainingRun>("POST", "/optimize-prompt", {
        agent_id: "my-agent",
        budget_calls: 300,
      });
      await run(id);
      expect(isGone, JSON.stringify((await read(id)).metrics).slice(0, 500)).toBe(true);
      expect(await reasonsOfKeptSeed(await read(id), base)).toMatch(
        /gate could not be carried out.*model failed 5 times in a row: connection refused/,
      );
      expect(organization.id).toBeDefined();
    });
  });
});
