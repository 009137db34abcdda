import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  Agent,
  BehaviorPatterns,
  Experiment,
  ExperimentResults,
  FeedbackStatistics,
} from "@agent-learning/contract";
import { createLearning, type Learning, type LearningError, type LearningOptions } from "@agent-learning/sdk";
import { createLearningProvider } from "@agent-learning/sdk/openfeature";
import { afterEach, beforeEach, expect, it } from "vitest";
import { evidenceObservers } from "../evidence-observers.ts";
import { createTestApi, type TestApi } from "./test-api.ts";
import { describeEachEngine } from "./test-database.ts";
import { createTestOrganization, type TestOrganization } from "./test-organization.ts";

interface List {
  data: Record<string, unknown>[];
}

// As the guide prints it, but for the rating.
const agentConfig = {
  agentId: "my-agent",
  learningEnabled: true,
  feedbackCollection: {
    autoCollect: true,
    minRatingForPositive: 3,
    collectCorrections: true,
  },
};

describeEachEngine("the SDK with the server", (suite) => {
  let api: TestApi;
  let baseUrl: string;
  let organization: TestOrganization;
  let errors: LearningError[];
  let directory: string;
  const opened: Learning[] = [];

  beforeEach(async () => {
    errors = [];
    directory = await mkdtemp(join(tmpdir(), "als-sdk-"));
    api = createTestApi(suite.database, { evidenceObservers });
    await api.server.listen({ port: 0, host: "127.0.0.1" });
    baseUrl = `http://127.0.0.1:${(api.server.server.address() as AddressInfo).port}`;
    organization = await createTestOrganization(suite.database);
  });
  afterEach(async () => {
    for (const learning of opened.splice(0)) await learning.close({ timeoutMilliseconds: 1 });
    await api.close();
    await rm(directory, { recursive: true, force: true });
  });

  const open = (change: Partial<LearningOptions> = {}): Learning => {
    const learning = createLearning({
      baseUrl,
      key: organization.secret.key,
      directory: join(directory, String(opened.length)),
      flushIntervalMilliseconds: 20,
      onError: (error) => errors.push(error),
      ...agentConfig,
      ...change,
    });
    opened.push(learning);
    return learning;
  };
  const get = async <T>(path: string): Promise<T> => (await api.call<T>(organization, "GET", path)).body;
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const { status, body: answer } = await api.call(organization, "POST", path, { body });
    expect([path, status, answer]).toEqual([path, expect.toBeOneOf([200, 201]), answer]);
    return answer;
  };
  const version = async (prompt: string): Promise<string> => {
    const config = { runtime: "model", components: { system_prompt: prompt } };
    return String((await post("/agents/my-agent/versions", { config }))["id"]);
  };

  it("registers the agent with the guide's settings, and learns what is put into service", async () => {
    const learning = open();
    expect(await learning.ready()).toBe(true);
    expect(learning.resolve("u").reason).toBe("nothing_in_service");
    expect((await get<Agent>("/agents/my-agent")).config).toEqual({
      learning_enabled: true,
      feedback_collection: { auto_collect: true, min_rating_for_positive: 3, collect_corrections: true },
    });
    const id = await version("first");
    await post("/agents/my-agent/serving", { version_id: id });
    await expect.poll(() => learning.resolve("u").versionId, { timeout: 10_000 }).toBe(id);
    expect(learning.resolve("u").version?.config.components).toEqual({ system_prompt: "first" });
    const second = open({ agentConfig, learningEnabled: false });
    await expect.poll(() => errors.map(({ kind }) => kind)).toEqual(["configuration"]);
    expect(second.configuration()?.settings.learningEnabled).toBe(true);
  });

  it("delivers every kind of evidence once, and what the server refuses not at all", async () => {
    const learning = open();
    const executionId = await learning.run(
      "user-1",
      ({ executionId: id, describe }) => {
        describe({ outputText: "use form A", promptTokens: 12 });
        return id;
      },
      { inputText: "which form?" },
    );
    await learning
      .run("user-2", () => Promise.reject(new RangeError("too far")), {
        inputText: "x",
        executionId: "failing",
      })
      .catch(() => undefined);
    learning.feedback({ executionId, userId: "rater", feedbackType: "rating", rating: 3 });
    learning.correct({ executionId, userId: "rater", correctionText: "use form B" });
    learning.feedback({ executionId: "not-here-yet", userId: "rater", feedbackType: "thumbs_up" });
    learning.retrieval({ executionId, query: "form", chunks: [{ chunkId: "c1", rank: 1, score: 0.5 }] });
    learning.record({ inputText: "odd \u0000 and \ud800", executionId: "odd" });
    learning.record({ inputText: "x", versionId: "no-uuid", executionId: "bad-1" });
    learning.record({ inputText: "x", versionId: executionId, executionId: "bad-2" });
    learning.feedback({ executionId, userId: "rater", feedbackType: "rating", rating: 9 });
    expect(await learning.flush()).toBe(true);
    expect(errors.map(({ kind, lost }) => [kind, lost])).toEqual([
      ["rejected", 1],
      ["rejected", 1],
      ["rejected", 1],
    ]);
    expect(learning.stats()).toMatchObject({ recorded: 10, delivered: 7, dropped: { rejected: 3 } });
    const executions = (await get<List>("/executions/my-agent")).data;
    expect(executions.map((each) => each["execution_id"]).toSorted()).toEqual(
      [executionId, "failing", "odd"].toSorted(),
    );
    expect(executions.find((each) => each["execution_id"] === "failing")).toMatchObject({
      status: "failed",
      error_type: "RangeError",
      error_message: "too far",
      unit_id: "user-2",
    });
    const { feedback, corrections, held } = await get<FeedbackStatistics>("/feedback/stats/my-agent");
    expect([feedback, corrections, held.waiting]).toEqual([2, 1, 1]);
    const examples = (await get<List>("/examples?agent_id=my-agent")).data;
    expect(examples.map((each) => each["example_type"]).toSorted()).toEqual([
      "correction",
      "failure",
      "positive",
    ]);
  });

  it("takes tool calls and demonstrations, one that overtakes its execution too", async () => {
    const learning = open();
    await learning.ready();
    const steps = [
      {
        action: "looks the form up",
        tool: "search",
        arguments: { q: "form" },
        durationMs: 40,
        observation: "B",
      },
      { action: "answers" },
    ];
    learning.demonstrate({
      input: "which form?",
      output: "form B",
      steps,
      executionId: "shown",
      tags: ["forms"],
    });
    learning.demonstrate({ input: "x", output: "y", expert: "nobody@example.com" });
    await expect.poll(() => learning.stats().dropped.rejected, { timeout: 10_000 }).toBe(1);
    const shown = await learning.run(
      "user-1",
      async ({ tool }) => {
        const found = await tool("search", { q: "form" }, ({ q }) => [`${q} A`]);
        await tool("open", found[0], () => {
          throw new RangeError("no such page");
        }).catch(() => undefined);
        return `use ${String(found[0])}`;
      },
      { inputText: "which form?", executionId: "shown" },
    );
    expect(shown).toBe("use form A");
    expect(await learning.flush({ timeoutMilliseconds: 20_000 })).toBe(true);
    const [execution] = (await get<List>("/executions/my-agent")).data;
    expect(execution?.["metadata"]).toEqual({
      tool_calls: [
        {
          tool: "search",
          arguments: { q: "form" },
          result: ["form A"],
          failed: false,
          duration_ms: expect.any(Number),
        },
        {
          tool: "open",
          arguments: "form A",
          failed: true,
          error: "no such page",
          duration_ms: expect.any(Number),
        },
      ],
    });
    const examples = (await get<List>("/examples?agent_id=my-agent&example_type=demonstration")).data;
    expect(examples).toMatchObject([
      {
        review_status: "pending",
        source_type: "expert_demonstration",
        source_execution_id: execution?.["id"],
        expected_output: "form B",
        tags: ["forms"],
        input_context: {
          demonstration: {
            steps: [
              {
                action: "looks the form up",
                tool: "search",
                arguments: { q: "form" },
                duration_ms: 40,
                observation: "B",
              },
              { action: "answers" },
            ],
          },
        },
      },
    ]);
    const patterns = await get<BehaviorPatterns>("/agents/my-agent/behavior-patterns");
    expect(patterns.agent.tools).toMatchObject([
      { tool: "open", calls: 1, failure_rate: { estimate: 1 } },
      { tool: "search", calls: 1, failure_rate: { estimate: 0 } },
    ]);
    expect(learning.stats()).toMatchObject({ recorded: 3, delivered: 2, dropped: { rejected: 1 } });
  });

  it("stores once what is sent again because its acknowledgement was lost", async () => {
    // Of each kind of evidence the first two requests arrive, and their senders never hear of it.
    const lost = new Map<string, number>();
    const learning = open({
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        const before = lost.get(url) ?? 0;
        if (init.method === "GET" || url.endsWith("/agents") || before === 2) return response;
        lost.set(url, before + 1);
        // An answer that nobody reads would keep its connection, and the server waits a minute for that.
        await response.arrayBuffer();
        throw new TypeError("connection reset");
      },
    });
    for (let i = 0; i < 20; i += 1) {
      learning.record({ inputText: "x", executionId: `e${i}` });
      learning.correct({ executionId: `e${i}`, userId: "rater", correctionText: "better" });
      learning.retrieval({ executionId: `e${i}`, query: "q", chunks: [] });
      learning.demonstrate({ input: "x", output: `answer ${i}` });
    }
    expect(await learning.flush({ timeoutMilliseconds: 30_000 })).toBe(true);
    expect([...lost.values()]).toEqual([2, 2, 2, 2]);
    expect(learning.stats().delivered).toBe(80);
    const counts = await Promise.all(
      ["/executions/my-agent", "/agents/my-agent/feedback", "/retrievals/my-agent"].map(
        async (path) => (await get<List>(`${path}?limit=200`)).data.length,
      ),
    );
    expect(counts).toEqual([20, 20, 20]);
    const examples = (await get<List>("/examples?agent_id=my-agent&limit=200")).data;
    expect(examples.filter((each) => each["example_type"] === "demonstration")).toHaveLength(20);
  });

  it("assigns as the server's experiment says, and exposes by recording", async () => {
    const learning = open();
    await learning.ready();
    const [control, treatment] = [await version("control"), await version("treatment")];
    await post("/agents/my-agent/serving", { version_id: control });
    const draft = (await post("/experiments", {
      agent_id: "my-agent",
      name: "test",
      control_config: { version_id: control },
      treatment_config: { version_id: treatment },
      primary_metric: "task_completion",
    })) as unknown as Experiment;
    await api.call(organization, "PATCH", `/experiments/${draft.id}`, {
      as: "reviewer",
      headers: { "if-match": `"${draft.revision}"` },
      body: { status: "running" },
    });
    await expect.poll(() => learning.resolve("u").reason, { timeout: 10_000 }).toBe("split");
    const arms = { control: 0, treatment: 0 };
    for (let i = 0; i < 100; i += 1) {
      await learning.run(`user-${i}`, ({ resolution, describe }) => {
        const arm = resolution.split?.arm as "control" | "treatment";
        expect(resolution.versionId).toBe(arm === "control" ? control : treatment);
        arms[arm] += 1;
        describe({ inputText: "x", taskCompleted: true });
      });
    }
    expect(await learning.flush()).toBe(true);
    expect([learning.stats().delivered, errors]).toEqual([100, []]);
    const { metrics } = await get<ExperimentResults>(`/experiments/by-id/${draft.id}/results`);
    const completion = metrics.find(({ primary }) => primary);
    expect(completion?.control).toMatchObject({ units: arms.control, mean: 1 });
    expect(completion?.treatment).toMatchObject({ units: arms.treatment, mean: 1 });
  });

  it("takes OpenFeature's tracked events as outcomes of the unit's experiment, also where they overtake the execution", async () => {
    const learning = open();
    await learning.ready();
    const [control, treatment] = [await version("control"), await version("treatment")];
    await post("/agents/my-agent/serving", { version_id: control });
    const draft = (await post("/experiments", {
      agent_id: "my-agent",
      name: "test",
      control_config: { version_id: control },
      treatment_config: { version_id: treatment },
      metrics: [
        { name: "spend", kind: "mean", better: "higher", role: "goal", source: "outcome", per: "unit" },
      ],
    })) as unknown as Experiment;
    await api.call(organization, "PATCH", `/experiments/${draft.id}`, {
      as: "reviewer",
      headers: { "if-match": `"${draft.revision}"` },
      body: { status: "running" },
    });
    await expect.poll(() => learning.resolve("u").reason, { timeout: 10_000 }).toBe("split");
    const provider = createLearningProvider({ learning });
    const value = { control: 2, treatment: 3 };
    const arms = { control: 0, treatment: 0 };
    const units = Array.from({ length: 40 }, (_, i) => {
      const resolution = learning.resolve(`user-${i}`);
      return { unitId: `user-${i}`, resolution, arm: resolution.split?.arm as "control" | "treatment" };
    });
    for (const { unitId, arm } of units) {
      arms[arm] += 1;
      provider.track?.("Spend", { targetingKey: unitId }, { value: value[arm] });
    }
    // Of a unit that nothing is recorded of: it never counts, and holds up nobody.
    provider.track?.("Spend", { targetingKey: "stranger" }, { value: 1_000 });
    expect(await learning.flush({ timeoutMilliseconds: 500 })).toBe(false);
    expect(learning.stats()).toMatchObject({ delivered: 0, waiting: { items: 41 } });
    for (const { unitId, resolution } of units) learning.record({ inputText: "x", unitId, resolution });
    await expect.poll(() => learning.stats().delivered, { timeout: 20_000 }).toBe(80);
    const { metrics } = await get<ExperimentResults>(`/experiments/by-id/${draft.id}/results`);
    const spend = metrics.find(({ primary }) => primary);
    expect(spend?.control).toMatchObject({ units: arms.control, mean: 2 });
    expect(spend?.treatment).toMatchObject({ units: arms.treatment, mean: 3 });
    expect(learning.stats()).toMatchObject({ waiting: { items: 1 }, dropped: { rejected: 0 } });
  });

  it("lets a browser's key give feedback, and nothing else", async () => {
    const registering = open();
    await registering.ready();
    const learning = open({ key: organization.publishable.key });
    learning.record({ inputText: "x" });
    learning.feedback({ executionId: "e", userId: "rater", feedbackType: "thumbs_up" });
    expect(await learning.flush()).toBe(true);
    expect(learning.stats()).toMatchObject({ delivered: 1, dropped: { rejected: 1 } });
    expect(errors.map(({ status }) => status)).toEqual([403]);
  });
});
