import type {
  AgentVersion,
  BehaviorPatterns,
  PreferenceSignal,
  Problem,
  RolloutDetails,
  RunApproval,
  RunFindings,
  TrainingRun,
} from "@agent-learning/contract";
import { createRandom, randomInteger } from "@agent-learning/learning";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { BehaviorLearner } from "../../behavior-learner.ts";
import { systemContext } from "../../create-context.ts";
import { json, withSystem } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import { createTestContext } from "../../testing/test-services.ts";
import { LABELS, question } from "../prompt/prompt-actions.testing.ts";
import { runBehaviorLearning } from "./run-behavior-learning.ts";
import { weeklyBehaviorLearning } from "./weekly/start-weekly-runs.ts";

const POLICY = {
  training: {
    min_human_verified: 0,
    min_annotation_agreement: 0,
    min_doubly_annotated: 0,
    double_annotation_share: 0,
    max_items_per_contributor: 10_000,
    max_share_per_contributor: 1,
  },
};
const WORK = ["search", "calculate", "translate", "summarise"];

/** Five tools of the ordinary work, in an order that depends on the number alone, with a habit in their midst. */
function tools(index: number, habit: readonly string[] = []): string[] {
  const random = createRandom(index);
  const work = Array.from({ length: 5 }, () => WORK[randomInteger(random, WORK.length)] as string);
  const at = randomInteger(random, 6);
  return [...work.slice(0, at), ...habit, ...work.slice(at)];
}
const EXPERT_HABIT = ["lookup_order", "check_policy"];
const AGENT_HABIT = ["retry", "guess"];

describeEachEngine("behaviour learning", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  let agentId: string;
  let experts: string[];
  beforeAll(() => {
    api = createTestApi(suite.database, { vetCandidate: async () => undefined });
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    organization = await createTestOrganization(suite.database);
    agentId = await createTestAgent(suite.database, organization.id, { policy: POLICY });
    experts = [newId(), newId(), newId(), newId()];
    await withSystem(suite.database.kysely, (tx) =>
      tx
        .insertInto("users")
        .values(
          experts.map((id) => ({
            organization_id: organization.id,
            id,
            kind: "member",
            display_name: `expert ${id}`,
          })),
        )
        .execute(),
    );
  });
  afterEach(() => setClock(suite.database, "0"));

  /** Approved demonstrations of four experts; most have the habit. */
  const show = async (count: number, from = 0, habit = EXPERT_HABIT): Promise<void> => {
    const rows = Array.from({ length: count }, (_, offset) => {
      const index = from + offset;
      const id = newId();
      const label = LABELS[index % LABELS.length] as string;
      const calls = tools(index, index % 5 === 4 ? [] : habit);
      return {
        organization_id: organization.id,
        id,
        agent_id: agentId,
        example_type: "demonstration",
        input_context: json({
          demonstration: { steps: calls.map((tool) => ({ action: "calls it", tool, duration_ms: 10 })) },
        }),
        input_text: question(label, index),
        expected_output: label,
        source_type: "expert_demonstration",
        source_user_id: experts[index % experts.length],
        group_key: `example:${id}`,
        review_status: "approved",
        reviewed_at: sql<Date>`learning_now()`,
        quality_score: 0.9,
      };
    });
    await withSystem(suite.database.kysely, (tx) =>
      tx.insertInto("learning_examples").values(rows).execute(),
    );
  };
  /** What the agent did in production, without the experts' habit and with one of its own. */
  const act = async (count: number): Promise<void> => {
    const executions = Array.from({ length: count }, (_, index) => ({
      agent_id: "my-agent",
      execution_id: `run-${index}`,
      unit_id: `user-${index % 20}`,
      input_text: `question ${index}`,
      output_text: "answer",
      status: "succeeded",
      metadata: {
        tool_calls: tools(index, index % 3 === 0 ? [] : AGENT_HABIT).map((tool) => ({ tool, failed: false })),
      },
    }));
    const { status } = await api.call(organization, "POST", "/executions", {
      as: "secret",
      body: { executions },
    });
    expect(status).toBeLessThan(300);
  };
  const patterns = async (query = ""): Promise<BehaviorPatterns> =>
    (
      await api.call<BehaviorPatterns>(organization, "GET", `/agents/my-agent/behavior-patterns${query}`, {
        as: "viewer",
      })
    ).body;
  const carryOut = async (runId: string): Promise<TrainingRun> => {
    const ctx = systemContext(api.services, organization.id, "test");
    await runBehaviorLearning({ ctx, runId, signal: new AbortController().signal });
    return (await api.call<TrainingRun>(organization, "GET", `/training-runs/by-id/${runId}`)).body;
  };
  const start = (config: object = {}) =>
    api.call<TrainingRun>(organization, "POST", "/training-runs", {
      as: "reviewer",
      body: { name: "from experts", agent_id: "my-agent", training_type: "behavior_learning", config },
    });
  const putIntoService = async (id: string | null): Promise<void> => {
    const review = `/agents/my-agent/versions/${id ?? ""}/review`;
    await api.call(organization, "POST", review, { body: { decision: "approve" } });
    const answer = await api.call(organization, "POST", "/agents/my-agent/serving", {
      body: { version_id: id },
    });
    expect(answer).toMatchObject({ body: { version_id: id } });
  };
  const servedVersion = async (id: string | null): Promise<AgentVersion> =>
    (await api.call<AgentVersion>(organization, "GET", `/agents/my-agent/versions/${id ?? ""}`)).body;

  it("extracts patterns with their evidence, and without a contributor all of it anew", async () => {
    await show(40);
    await act(60);
    const found = await patterns();
    expect(found.departures.map(({ tools: used, direction }) => [direction, used])).toEqual(
      expect.arrayContaining([
        ["experts_do", EXPERT_HABIT],
        ["agent_does", AGENT_HABIT],
      ]),
    );
    const habit = found.departures.find(({ direction }) => direction === "experts_do");
    expect(habit).toMatchObject({
      expert: { runs: 32, of: 40 },
      agent: { runs: 0, of: 60 },
      contributors: 4,
      rule: { text: expect.stringContaining("`lookup_order`, then `check_policy`") as string },
    });
    expect(habit?.evidence_ids).toHaveLength(32);
    expect(found.experts).toMatchObject({ runs: 40 });
    expect(found.experts.tools[0]?.duration_ms).toEqual({ mean: 10, median: 10 });
    expect(found.agent.tools[0]?.failure_rate).toMatchObject({ estimate: 0 });
    expect(found.next_tool?.predictions).toBeGreaterThan(200);
    expect(found.agent.tools[0]?.run_ids.length).toBeGreaterThan(4);
    const shown = found.experts.steps.find(
      ({ from, to }) => from === "lookup_order" && to === "check_policy",
    );
    expect(shown?.run_ids).toHaveLength(5);
    expect(shown?.run_ids.every((id) => habit?.evidence_ids.includes(id))).toBe(true);
    const common = found.patterns.find(({ tools: used }) => used.join() === EXPERT_HABIT.join());
    expect(common).toMatchObject({
      expert: { runs: 32, of: 40 },
      agent: { runs: 0, of: 60 },
      execution_ids: [],
    });
    expect(common?.example_ids.every((id) => habit?.evidence_ids.includes(id))).toBe(true);
    const learner = new BehaviorLearner(createTestContext(api.services, organization, "viewer"));
    const same = await learner.extractPatterns("my-agent");
    expect({ ...same, computed_at: "" }).toEqual({ ...found, computed_at: "" });

    await withSystem(suite.database.kysely, (tx) =>
      tx
        .updateTable("learning_examples")
        .set({ is_active: false })
        .where("organization_id", "=", organization.id)
        .where("source_user_id", "=", experts[0] as string)
        .execute(),
    );
    const without = await patterns();
    expect(without.experts.runs).toBe(30);
    const again = without.departures.find(({ direction }) => direction === "experts_do");
    expect(again).toMatchObject({ expert: { of: 30 }, contributors: 3 });
    expect(again?.evidence_ids.every((id) => habit?.evidence_ids.includes(id))).toBe(true);
  });

  it("says nothing of an agent without tools, refuses bad questions, and shows no other organization", async () => {
    expect(await patterns()).toMatchObject({
      departures: [],
      next_tool: null,
      experts: { runs: 0, tools: [] },
    });
    await show(3);
    expect(await patterns("?days=3650")).toMatchObject({ departures: [], experts: { runs: 3 } });
    const bad = await api.call<Problem>(organization, "GET", "/agents/my-agent/behavior-patterns?days=0");
    expect(bad.status).toBe(400);
    const other = await createTestOrganization(suite.database);
    const hidden = await api.call(other, "GET", `/agents/${agentId}/behavior-patterns`);
    expect(hidden.status).toBe(404);
  });

  it("makes a candidate of rules and verified demonstrations that waits for a reviewer", async () => {
    await show(60);
    await act(60);
    const { status, body: created } = await start();
    expect(status).toBe(202);
    expect(created).toMatchObject({ requires_review: true, review_status: "pending" });
    const run = await carryOut(created.id);
    expect(run).toMatchObject({ status: "completed", error: null });
    const { outcome, diff } = run.metrics as { outcome: string; diff: Record<string, { text: string }[]> };
    expect(["promote", "send_to_experiment"]).toContain(outcome);
    expect(diff["rules_added"]?.map(({ text }) => text).join()).toContain(
      "`lookup_order`, then `check_policy`",
    );
    const version = await servedVersion(run.candidate_version_id);
    expect(version.origin).toBe("behavior_learning");
    expect(version.config.demonstrations.length).toBeGreaterThan(30);
    expect(version.config.playbook[0]?.evidence_ids.length).toBeGreaterThan(30);
    // It stands on staging, and does not go further without a reviewer.
    await putIntoService(run.base_version_id);
    const rollout = await api.call<RolloutDetails>(organization, "POST", "/rollouts", {
      as: "secret",
      body: { agent_id: "my-agent", candidate_version_id: version.id },
    });
    expect(rollout.body.requirements.map(({ name }) => name)).toContain("behavior_learning");
    const review = `/training-runs/by-id/${run.id}/review`;
    const own = await api.call(organization, "POST", review, {
      as: "reviewer",
      body: { decision: "approved" },
    });
    expect(own.status).toBe(403);
    const reviewed = await api.call<TrainingRun>(organization, "POST", review, {
      as: "admin",
      body: { decision: "approved" },
    });
    expect(reviewed.body).toMatchObject({ review_status: "approved" });
    expect(await carryOut(run.id)).toEqual(reviewed.body);
  });

  it("is approved once, for run and candidate, by a reviewer without a part in it", async () => {
    const [reviewer, admin] = [organization.members.reviewer.id, organization.members.admin.id];
    // The admin is one of the experts; a reviewer started the run; a second reviewer has no part in it.
    experts = [...experts.slice(1), admin];
    await show(60);
    await act(60);
    const run = await carryOut((await start()).body.id);
    const approval = async (as: "admin" | "reviewer" | "viewer"): Promise<RunApproval> =>
      (await api.call<RunApproval>(organization, "GET", `/training-runs/by-id/${run.id}/approval`, { as }))
        .body;
    const shown = await approval("viewer");
    expect(shown).toMatchObject({ status: "waiting", may_decide: false, started_by: { user_id: reviewer } });
    expect(shown.contributors.map(({ user_id }) => user_id)).toEqual(expect.arrayContaining(experts));
    const added = shown.rules.find(({ text }) => text.includes("`lookup_order`, then `check_policy`"));
    expect(added).toMatchObject({ change: "added", expert: { of: 60 } });
    expect(added?.evidence[0]?.kind).toBe("example");
    expect(shown.demonstrations_total).toBeGreaterThan(30);
    expect(shown.demonstrations[0]?.input_text).not.toBeNull();
    expect((await approval("reviewer")).why_not).toMatch(/started it/);
    const decide = (path: string, body: object) =>
      api.call<Problem>(organization, "POST", path, { as: "admin", body });
    const runReview = `/training-runs/by-id/${run.id}/review`;
    const versionReview = `/agents/my-agent/versions/${run.candidate_version_id ?? ""}/review`;
    // With another reviewer about, a contributor decides neither on the run nor, past it, on the version.
    const free = newId();
    await withSystem(suite.database.kysely, async (tx) => {
      await tx
        .insertInto("users")
        .values({ organization_id: organization.id, id: free, kind: "member", display_name: "free" })
        .execute();
      await tx
        .insertInto("memberships")
        .values({ organization_id: organization.id, user_id: free, role: "reviewer" })
        .execute();
    });
    expect((await approval("admin")).why_not).toMatch(/part of this candidate's evidence/);
    expect((await decide(runReview, { decision: "approved" })).status).toBe(403);
    expect((await decide(versionReview, { decision: "approve" })).status).toBe(403);
    // Without: nobody else is there, and the audit log says so.
    await withSystem(suite.database.kysely, (tx) =>
      tx
        .updateTable("memberships")
        .set({ revoked_at: sql<Date>`learning_now()` })
        .where("organization_id", "=", organization.id)
        .where("user_id", "=", free)
        .execute(),
    );
    expect((await approval("admin")).may_decide).toBe(true);
    expect((await decide(runReview, { decision: "approved", notes: "fine" })).status).toBe(200);
    expect(await approval("admin")).toMatchObject({ status: "approved", may_decide: false });
    expect((await servedVersion(run.candidate_version_id)).review_status).toBe("approved");
    const audit = await api.call<{ data: { action: string; data: object }[] }>(
      organization,
      "GET",
      `/audit?entity_type=training_run&entity_id=${run.id}`,
    );
    const reviewed = audit.body.data.find(({ action }) => action === "training-run.reviewed");
    expect(reviewed?.data).toMatchObject({ decision: "approved", decided_by_contributor: true });
  });

  it("takes back what is no longer supported, and adds nothing that is there already", async () => {
    await show(60);
    await act(60);
    const first = await carryOut((await start()).body.id);
    await putIntoService(first.candidate_version_id);
    const second = await carryOut((await start()).body.id);
    expect(second.metrics).toMatchObject({ outcome: "seed_kept" });
    expect(second.candidate_version_id).toBeNull();
    // Nobody trusts three of the four any more.
    await withSystem(suite.database.kysely, (tx) =>
      tx
        .updateTable("learning_examples")
        .set({ is_active: false })
        .where("organization_id", "=", organization.id)
        .where("source_user_id", "in", experts.slice(1))
        .execute(),
    );
    const third = await carryOut((await start()).body.id);
    const before = (await servedVersion(first.candidate_version_id)).config;
    const { diff, reasons } = third.metrics as unknown as {
      diff: { rules_removed: { reason: string }[]; demonstrations_removed: string[] };
      reasons: string[];
    };
    expect(diff.rules_removed.map(({ reason }) => reason)).toContain("no_longer_supported");
    expect(diff.demonstrations_removed.length).toBeGreaterThan(before.demonstrations.length / 2);
    expect(reasons.length).toBeGreaterThan(0);
  });

  it("says what people prefer of a candidate's answers, and decides nothing by it", async () => {
    await show(60);
    await act(60);
    const random = createRandom("preferences");
    // People prefer a label to an excuse, whichever comes first.
    const rows = Array.from({ length: 60 }, (_, index) => {
      const id = newId();
      const answers = [LABELS[index % LABELS.length] as string, `sorry no idea ${index}`];
      const preferred = randomInteger(random, 2) === 0 ? "A" : "B";
      const [output_a, output_b] = preferred === "A" ? answers : answers.toReversed();
      return {
        organization_id: organization.id,
        id,
        agent_id: agentId,
        example_type: "preference",
        input_context: json({}),
        input_text: `question ${index}`,
        output_a: output_a as string,
        output_b: output_b as string,
        preferred_output: preferred,
        expected_output: answers[0] as string,
        source_type: "import",
        source_user_id: experts[index % experts.length],
        group_key: `example:${id}`,
        review_status: "approved",
        reviewed_at: sql<Date>`learning_now()`,
        quality_score: 0.9,
      };
    });
    await withSystem(suite.database.kysely, (tx) =>
      tx.insertInto("learning_examples").values(rows).execute(),
    );
    const run = await carryOut((await start()).body.id);
    const { reasons, preference, outcome } = run.metrics as unknown as {
      reasons: string[];
      preference: PreferenceSignal;
      outcome: string;
    };
    expect(preference).toMatchObject({ judgements: 60, people: 4, is_usable: true });
    expect(preference.held_out?.interval[0]).toBeGreaterThan(0.5);
    expect(reasons[0]).not.toBe(preference.sentence);
    expect(reasons.at(-1)).toBe(preference.sentence);
    expect(["promote", "send_to_experiment"]).toContain(outcome);
    const { body } = await api.call<RunFindings>(
      organization,
      "GET",
      `/training-runs/by-id/${run.id}/findings`,
    );
    expect(body.preference).toEqual(preference);
  });

  it("refuses settings that it does not know", async () => {
    const { status, body } = await start({ dayz: 1 });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain("config");
  });

  it("starts by itself when experts showed enough, and then waits for a week and for more", async () => {
    const sweep = () => weeklyBehaviorLearning.sweep(api.services, organization.id);
    const runs = async (): Promise<TrainingRun[]> =>
      (await api.call<{ data: TrainingRun[] }>(organization, "GET", "/training-runs/my-agent")).body.data;
    await show(4);
    await sweep();
    expect(await runs()).toEqual([]);
    await show(36, 4);
    await Promise.all([sweep(), sweep(), sweep()]);
    const [run, ...more] = await runs();
    expect(more).toEqual([]);
    expect(run).toMatchObject({
      training_type: "behavior_learning",
      created_by: null,
      review_status: "pending",
      description: expect.stringContaining("reviewer's approval") as string,
    });
    expect(await carryOut(run?.id ?? "")).toMatchObject({ status: "completed" });
    await setClock(suite.database, "2 hours");
    await show(10, 40);
    await sweep();
    expect(await runs()).toHaveLength(1);
    await setClock(suite.database, "169 hours");
    await sweep();
    expect(await runs()).toHaveLength(2);
    expect(await carryOut((await runs())[0]?.id ?? "")).toMatchObject({ status: "completed" });
    await setClock(suite.database, "340 hours");
    await sweep();
    expect(await runs()).toHaveLength(2);
  });

  it.each([
    ["the policy says so", { policy: { behavior_learning: { mode: "on_request" } } }],
    ["learning is off", { config: { learning_enabled: false } }],
  ])("starts nothing where %s", async (_why, options) => {
    agentId = await createTestAgent(suite.database, organization.id, { slug: "quiet", ...options });
    await show(20);
    await weeklyBehaviorLearning.sweep(api.services, organization.id);
    const { body } = await api.call<{ data: TrainingRun[] }>(organization, "GET", "/training-runs/quiet");
    expect(body.data).toEqual([]);
  });
});
