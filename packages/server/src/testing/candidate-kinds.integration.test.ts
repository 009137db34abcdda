import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentVersion, AgentVersionDifference, Rollout, RolloutDetails } from "@agent-learning/contract";
import { createLearning, type Learning } from "@agent-learning/sdk";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createTestApi, type TestApi } from "./test-api.ts";
import { describeEachEngine } from "./test-database.ts";
import { createTestAgent, createTestOrganization, type TestOrganization } from "./test-organization.ts";

const BASE = {
  runtime: "model",
  components: { system_prompt: "Answer." },
  demonstrations: [{ input: "hello", output: "hi" }],
  playbook: [{ id: "r1", text: "Be short.", evidence_ids: [], helpful: 1, harmful: 0 }],
  retrieval: { k: 4, weights: { bm25: 0.3 } },
  model: { name: "small", temperature: 0.2 },
  adapter: null,
  parameters: { greeting: true },
};

/** What changes, where the difference shows it, and the review that it needs. */
const KINDS: [kind: string, change: object, path: string, reviews: string[]][] = [
  [
    "prompt",
    { components: { system_prompt: "Answer kindly." } },
    "components.system_prompt",
    ["prompt_change_not_measured"],
  ],
  [
    "demonstrations",
    { demonstrations: [{ input: "bye", output: "goodbye" }] },
    "demonstrations",
    ["prompt_change_not_measured"],
  ],
  [
    "playbook",
    { playbook: [{ ...BASE.playbook[0], text: "Be very short." }] },
    "playbook",
    ["prompt_change_not_measured"],
  ],
  ["retrieval settings", { retrieval: { k: 8, weights: { bm25: 0.5 } } }, "retrieval.k", []],
  ["model", { model: { name: "large", temperature: 0.2 } }, "model.name", []],
  ["adapter", { adapter: { path: "adapters/7", rank: 8 } }, "adapter", ["fine_tuning"]],
  ["parameters", { parameters: { greeting: false } }, "parameters.greeting", []],
];

describeEachEngine("a rollout of any kind of candidate", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  let learning: Learning;
  let directory: string;
  let base: AgentVersion;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "als-kinds-"));
    api = createTestApi(suite.database);
    await api.server.listen({ port: 0, host: "127.0.0.1" });
    organization = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, organization.id);
    base = await createVersion({});
    await api.call(organization, "POST", "/agents/my-agent/serving", { body: { version_id: base.id } });
    learning = createLearning({
      baseUrl: `http://127.0.0.1:${(api.server.server.address() as AddressInfo).port}`,
      key: organization.secret.key,
      agentId: "my-agent",
      directory,
    });
    await learning.ready();
  });
  afterAll(async () => {
    await learning.close({ timeoutMilliseconds: 1 });
    await api.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function createVersion(change: object): Promise<AgentVersion> {
    const { body } = await api.call<AgentVersion>(organization, "POST", "/agents/my-agent/versions", {
      as: "secret",
      body: { config: { ...BASE, ...change } },
    });
    return body;
  }
  const command = (id: string, name: string) =>
    api.call<Rollout>(organization, "POST", `/rollouts/${id}/${name}`, { as: "reviewer", body: {} });

  it.each(KINDS)("%s", async (_kind, change, path, reviews) => {
    const candidate = await createVersion(change);
    const { body: difference } = await api.call<AgentVersionDifference>(
      organization,
      "GET",
      `/agents/my-agent/versions/${candidate.id}/diff`,
    );
    const { demonstrations, playbook } = difference;
    const changed = [
      ...difference.changed.map((one) => one.path),
      ...(demonstrations.added.length > 0 ? ["demonstrations"] : []),
      ...(playbook.changed.length > 0 ? ["playbook"] : []),
    ];
    expect(changed).toContain(path);

    const created = await api.call<RolloutDetails>(organization, "POST", "/rollouts", {
      as: "secret",
      body: { agent_id: "my-agent", candidate_version_id: candidate.id },
    });
    expect(created.body.requirements.map((one) => one.name)).toEqual(reviews);
    const before = await command(created.body.id, "start");
    expect(before.status).toBe(reviews.length > 0 ? 422 : 200);
    if (before.status === 422) {
      const review = `/agents/my-agent/versions/${candidate.id}/review`;
      await api.call(organization, "POST", review, { as: "reviewer", body: { decision: "approve" } });
      await command(created.body.id, "start");
    }

    const units = Array.from({ length: 400 }, (_, unit) => `user-${unit}`);
    const seen = () => units.map((unit) => learning.resolve(unit));
    await vi.waitFor(() => expect(seen().some((one) => one.split?.id === created.body.id)).toBe(true), {
      timeout: 20_000,
    });
    const candidates = seen().filter((one) => one.split?.arm === "candidate");
    expect(candidates.length).toBeGreaterThan(5);
    expect(candidates.every((one) => one.versionId === candidate.id)).toBe(true);
    const delivered = candidates[0]?.version?.config;
    const { playbook: rules, ...rest } = { ...BASE, ...change };
    expect(delivered).toEqual({
      ...rest,
      playbook: rules.map(({ evidence_ids, ...rule }) => ({ ...rule, evidenceIds: evidence_ids })),
    });
    expect(seen().filter((one) => one.versionId === base.id).length).toBeGreaterThan(300);

    await command(created.body.id, "abort");
    await vi.waitFor(() => expect(seen().every((one) => one.versionId === base.id)).toBe(true), {
      timeout: 20_000,
    });
  });
});
