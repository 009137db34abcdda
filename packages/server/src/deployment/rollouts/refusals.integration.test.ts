import type { AgentVersion } from "@agent-learning/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestVersions } from "../../evaluation/traffic.testing.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createTestOrganization } from "../../testing/test-organization.ts";
import { rolloutActions } from "./rollout-actions.testing.ts";

interface Refusal {
  detail: string;
  errors: { path: string; message: string }[];
}

describeEachEngine("what a rollout refuses, and in which words", (suite) => {
  let api: TestApi;
  const { create, command, started } = rolloutActions(
    () => api,
    () => suite.database,
  );
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());

  it("a version of another agent, one that serves already, an environment that serves nothing", async () => {
    const versions = await createTestVersions(api, suite.database);
    const { organization } = versions;
    await api.call(organization, "POST", "/agents", { body: { slug: "other-agent" } });
    const other = await api.call<AgentVersion>(organization, "POST", "/agents/other-agent/versions", {
      body: { config: { components: { system_prompt: "Other." } } },
    });
    expect(await create(versions, { candidate_version_id: other.body.id })).toMatchObject({
      status: 422,
      body: {
        detail: "body.candidate_version_id is not a version of this agent.",
        errors: [{ path: "body.candidate_version_id" }],
      },
    });
    expect(await create(versions, { candidate_version_id: versions.control.id })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining("serves already") },
    });
    expect(await create(versions, { environment: "staging" })).toMatchObject({
      status: 422,
      body: {
        errors: [{ path: "body.environment" }],
        detail: expect.stringContaining("put the first one into service"),
      },
    });
    expect(await create(versions, { candidate_version_id: "v2" })).toMatchObject({ status: 400 });
    expect(await create(versions, { environment: "moon" })).toMatchObject({ status: 400 });
  });

  it("a second rollout at once, and commands that its status does not allow", async () => {
    const setting = await started();
    const { organization, rollout } = setting;
    const second = await create(setting);
    expect(await command(organization, second.body.id, "start")).toMatchObject({
      status: 409,
      body: {
        detail: expect.stringContaining(`The rollout ${rollout.id} has this agent's traffic. End it first`),
      },
    });
    expect(await command(organization, rollout.id, "start")).toMatchObject({
      status: 409,
      body: { detail: "This rollout is running; only a pending one can be started." },
    });
    expect(await command(organization, rollout.id, "resume")).toMatchObject({
      status: 409,
      body: { detail: "This rollout is running; to resume it, it must be paused." },
    });
    expect(await command(organization, second.body.id, "pause")).toMatchObject({
      status: 409,
      body: { detail: "This rollout is pending; to pause it, it must be running." },
    });
    const badTag = await api.call(organization, "POST", `/rollouts/${rollout.id}/abort`, {
      as: "reviewer",
      body: {},
      headers: { "if-match": "yesterday" },
    });
    expect(badTag.status).toBe(400);
  });

  describe("policies", () => {
    const stages = (...shares: number[]) => ({
      rollout: { stages: shares.map((share) => ({ share, hours: 1 })) },
    });
    it.each<[string, object | string, string, RegExp]>([
      [
        "stages that do not rise",
        stages(0.5, 0.25, 1),
        "rollout.stages",
        /shares must rise from stage to stage/,
      ],
      ["a stage twice", stages(0.5, 0.5, 1), "rollout.stages", /must rise/],
      [
        "a last stage that is not everybody",
        stages(0.05, 0.5),
        "rollout.stages",
        /the last stage must have share 1/,
      ],
      ["no stages", stages(), "rollout.stages", /at least|>=1|Too small/i],
      ["a share of zero", stages(0, 1), "rollout.stages.0.share", /./],
      ["hours below zero", { rollout: { stages: [{ share: 1, hours: -1 }] } }, "rollout.stages.0.hours", /./],
      ["an error rate of 100 %", { guardrails: { max_error_rate: 1 } }, "guardrails.max_error_rate", /./],
      ["an error rate of nothing", { guardrails: { max_error_rate: 0 } }, "guardrails.max_error_rate", /./],
      [
        "a limit that is infinite",
        '{"guardrails":{"max_latency_increase":1e999}}',
        "guardrails.max_latency_increase",
        /./,
      ],
      [
        "a limit that is no number",
        { guardrails: { max_satisfaction_drop: "NaN" } },
        "guardrails.max_satisfaction_drop",
        /./,
      ],
      ["a level that is none", { rollout: { significance_level: 0.5 } }, "rollout.significance_level", /./],
      [
        "no guardrail at all",
        { guardrails: { required: [] } },
        "guardrails.required",
        /cannot be undone in time/,
      ],
      ["an unknown guardrail", { guardrails: { required: ["charm"] } }, "guardrails.required.0", /./],
      [
        "an additional one that is built in",
        { guardrails: { additional: [{ metric: "latency_ms", kind: "rise", limit: 0.5 }] } },
        "guardrails.additional.0.metric",
        /has a guardrail of its own/,
      ],
      [
        "a drop by more than all",
        { guardrails: { additional: [{ metric: "grounded", kind: "drop", limit: 1.5 }] } },
        "guardrails.additional.0.limit",
        /must be below 1/,
      ],
      [
        "a metric twice",
        {
          guardrails: {
            additional: [
              { metric: "cost_usd", kind: "rise", limit: 0.5 },
              { metric: "cost_usd", kind: "rise", limit: 0.6 },
            ],
          },
        },
        "guardrails.additional",
        /must not name a metric twice/,
      ],
    ])("with %s", async (_name, policy, path, message) => {
      const organization = await createTestOrganization(suite.database);
      const text = `{"slug":"my-agent","policy":${typeof policy === "string" ? policy : JSON.stringify(policy)}}`;
      const response = await api.server.inject({
        method: "POST",
        url: "/api/learning/agents",
        headers: {
          authorization: `Bearer ${organization.members.admin.key}`,
          "content-type": "application/json",
        },
        payload: text,
      });
      const body = response.json<Refusal>();
      expect([400, 422]).toContain(response.statusCode);
      expect(body.errors.map((error) => error.path)).toContain(`body.policy.${path}`);
      expect(body.detail).toMatch(/\.$/);
      expect(body.errors.map((error) => error.message).join(" ")).toMatch(message);
    });
  });
});
