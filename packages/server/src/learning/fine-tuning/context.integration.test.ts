import type {
  FineTuningEstimate,
  Problem,
  RolloutDetails,
  ServingConfiguration,
} from "@agent-learning/contract";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createTestContext } from "../../testing/test-services.ts";
import { BEGINNER } from "../prompt/prompt-actions.testing.ts";
import { noteRelease } from "./control.ts";
import { type FineTuningBench, openFineTuning } from "./fine-tuning.testing.ts";

describeEachEngine("fine-tuning without weights", (suite) => {
  let bench: FineTuningBench;
  beforeEach(async () => {
    bench = await openFineTuning(suite.database);
  });
  afterEach(() => bench.close());

  const context = { config: { backend: "context" } };
  const estimate = async (runId: string): Promise<FineTuningEstimate> => {
    const path = `/training-runs/by-id/${runId}/estimate`;
    const { status, body } = await bench.api.call<FineTuningEstimate>(bench.organization, "GET", path);
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };

  it("goes from a draft to staging, each step with who may take it", async () => {
    const { organization, api } = bench;
    const base = await bench.serve(BEGINNER);
    const dataset = await bench.dataset(40);
    const drafted = await bench.draft({ dataset_id: dataset, ...context });
    expect(drafted).toMatchObject({
      status: 202,
      body: { phase: "draft", status: "pending", launched_by: null, review_status: "pending" },
    });
    const { id } = drafted.body;
    // Nothing happens until somebody starts it.
    await bench.advance(id);
    expect(await bench.read(id)).toMatchObject({ phase: "draft" });
    const before = await estimate(id);
    expect(before).toMatchObject({
      backend: "context",
      method: "sft",
      ready: true,
      problems: [],
      missing: [],
    });
    expect(before.rows.train).toBeGreaterThan(60);
    expect(before.preview[0]).toHaveProperty("messages");
    expect((await bench.post(id, "start", "secret")).status).toBe(403);
    const started = await bench.post(id, "start");
    expect(started).toMatchObject({
      status: 202,
      body: { phase: "validating", launched_by: organization.members.reviewer.id },
    });
    expect((await bench.post(id, "start")).status).toBe(409);
    expect((await bench.post(id, "pause")).status).toBe(409);

    const judged = await bench.until(id, "awaiting_review");
    expect(judged).toMatchObject({ status: "completed", progress_percentage: 100, base_version_id: base });
    const gate = judged.metrics["gate"] as { interval: number[]; candidate_score: number };
    expect(gate.candidate_score).toBeGreaterThan(0.6);
    expect(gate.interval).toHaveLength(2);
    expect(judged.metrics["preference"]).toMatchObject({ judgements: 0, is_usable: false });
    const version = await bench.version(judged.candidate_version_id);
    expect(version).toMatchObject({
      origin: "fine_tuning",
      review_status: "pending",
      config: { adapter: null },
    });
    expect(version.config.demonstrations.length).toBeGreaterThan(50);
    const staged = async (): Promise<ServingConfiguration> =>
      (
        await api.call<ServingConfiguration>(
          organization,
          "GET",
          "/agents/my-agent/serving?environment=staging",
        )
      ).body;
    expect((await staged()).default_version_id).not.toBe(version.id);

    // Whoever started it does not approve it, neither the run nor the version.
    const decision = { decision: "approved", notes: "read the rows" };
    expect((await bench.post(id, "review", "reviewer", decision)).status).toBe(403);
    const review = `/agents/my-agent/versions/${version.id}/review`;
    const own = await api.call(organization, "POST", review, {
      as: "reviewer",
      body: { decision: "approve" },
    });
    expect(own.status).toBe(403);
    const approved = await bench.post(id, "review", "admin", decision);
    expect(approved).toMatchObject({ status: 200, body: { phase: "approved", review_status: "approved" } });
    await bench.until(id, "staging");
    expect(await staged()).toMatchObject({ default_version_id: version.id });
    expect((await bench.post(id, "cancel")).status).toBe(409);
    expect((await bench.events(id)).map(({ type }) => type)).toEqual([
      "started",
      "queued",
      "submitted",
      "running",
      "trained",
      "awaiting_review",
      "approved",
      "staging",
    ]);

    // A rollout that is over says so of the run, and so does whoever goes back.
    const rollout = { agent_id: "my-agent", candidate_version_id: version.id };
    const ended = async (outcome: "promoted" | "rolled_back"): Promise<void> => {
      const ctx = createTestContext(bench.services, organization, "admin");
      await ctx.transact((tenant) => noteRelease(tenant, { runId: id, outcome }));
      expect(await bench.read(id)).toMatchObject({ phase: outcome, status: "completed" });
    };
    const created = await api.call<RolloutDetails>(organization, "POST", "/rollouts", { body: rollout });
    expect(created.body.requirements).toEqual([]);
    await ended("rolled_back");
    await ended("promoted");
    await ended("rolled_back");
  });

  it("leaves the agent as it was where a reviewer rejects it, by way of the version too", async () => {
    await bench.serve(BEGINNER);
    const { body } = await bench.draft({ dataset_id: await bench.dataset(40), ...context });
    await bench.post(body.id, "start");
    const { candidate_version_id: candidate } = await bench.until(body.id, "awaiting_review");
    const path = `/agents/my-agent/versions/${candidate ?? ""}/review`;
    const answer = await bench.api.call(bench.organization, "POST", path, {
      as: "admin",
      body: { decision: "reject" },
    });
    expect(answer).toMatchObject({ status: 200, body: { review_status: "rejected" } });
    expect(await bench.read(body.id)).toMatchObject({ phase: "cancelled", review_status: "rejected" });
    const serving = await bench.api.call(bench.organization, "GET", "/agents/my-agent/serving");
    expect(serving.body).not.toMatchObject({ default_version_id: candidate });
    await bench.advance(body.id);
    expect((await bench.post(body.id, "review", "admin", { decision: "approved" })).status).toBe(409);
  });

  it("refuses what makes the agent no better", async () => {
    await bench.serve(BEGINNER);
    // It answers "vat" to everything already, which is all that these examples say.
    const { body } = await bench.draft({
      dataset_id: await bench.dataset(40, { output: () => "vat" }),
      ...context,
    });
    await bench.post(body.id, "start");
    const run = await bench.until(body.id, "failed", "awaiting_review");
    expect(run).toMatchObject({ phase: "failed", status: "failed", error: { kind: "evaluation" } });
    expect((await bench.version(run.candidate_version_id)).review_status).toBe("pending");
    const path = `/agents/my-agent/versions/${run.candidate_version_id ?? ""}/review`;
    const late = await bench.api.call(bench.organization, "POST", path, { body: { decision: "approve" } });
    expect(late.status).toBe(409);
  });

  it("refuses settings that there are not, and datasets that cannot be learned from", async () => {
    await bench.serve(BEGINNER);
    const dataset = await bench.dataset(4, { split: { train: 1, validation: 0, test: 0 } });
    const refused = async (body: Record<string, unknown>, path: string): Promise<void> => {
      const answer = await bench.draft(body);
      expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 422 });
      expect((answer.body as unknown as Problem).errors?.[0]?.path).toBe(path);
    };
    await refused(context, "body.dataset_id");
    await refused({ dataset_id: dataset, config: { backend: "openai" } }, "body.config.backend");
    await refused(
      { dataset_id: dataset, config: { backend: "context", method: "dpo" } },
      "body.config.method",
    );
    await refused({ dataset_id: dataset, config: { size: 1 } }, "body.config");
    await refused(
      { dataset_id: dataset, ...context, hyperparameters: { epochs: 0 } },
      "body.hyperparameters.epochs",
    );
    await refused(
      { dataset_id: dataset, training_type: "rlhf", config: { method: "grpo" } },
      "body.config.reward_run_id",
    );
    // The draft is made, and says what is in its way.
    const { body } = await bench.draft({ dataset_id: dataset, ...context });
    const before = await estimate(body.id);
    expect(before.ready).toBe(false);
    expect(before.problems.join()).toContain("The test split has 0 rows");
    const started = await bench.post(body.id, "start");
    expect(started.status).toBe(422);
    expect(JSON.stringify(started.body)).toContain("larger test share");
    expect((await bench.post(body.id, "cancel")).body).toMatchObject({
      phase: "cancelled",
      status: "cancelled",
    });
    expect((await bench.post(body.id, "start")).status).toBe(409);
  });

  it("looks at the dataset again when the run starts: a policy that became stricter refuses it", async () => {
    await bench.serve(BEGINNER);
    const { body } = await bench.draft({ dataset_id: await bench.dataset(20), ...context });
    await bench.post(body.id, "start");
    const policy = { training: { min_human_verified: 0.5 } };
    const { headers } = await bench.api.call(bench.organization, "GET", "/agents/my-agent");
    const changed = await bench.api.call(bench.organization, "PATCH", "/agents/my-agent", {
      body: { policy },
      headers: { "if-match": String(headers["etag"]) },
    });
    expect(changed.status, JSON.stringify(changed.body)).toBe(200);
    const run = await bench.until(body.id, "failed");
    expect(run.error).toMatchObject({
      kind: "data",
      message: expect.stringContaining("human verified") as string,
    });
  });
});
