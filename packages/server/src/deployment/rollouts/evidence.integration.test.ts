import type { RolloutEvidence } from "@agent-learning/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { evidenceObservers } from "../../evidence-observers.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createTestOrganization } from "../../testing/test-organization.ts";
import { rolloutActions, type Setting } from "./rollout-actions.testing.ts";

type Page = { data: RolloutEvidence[]; next_cursor: string | null };

describeEachEngine("rows behind a guardrail", (suite) => {
  let api: TestApi;
  const { started, read, send, sweep } = rolloutActions(
    () => api,
    () => suite.database,
  );
  beforeAll(() => {
    api = createTestApi(suite.database, { evidenceObservers });
  });
  afterAll(() => api.close());

  const ask = (setting: Setting, query: string) =>
    api.call<Page & { errors: { path: string; message: string }[] }>(
      setting.organization,
      "GET",
      `/rollouts/${setting.rollout.id}/evidence?${query}`,
      { as: "viewer" },
    );
  const all = async (setting: Setting, query: string): Promise<RolloutEvidence[]> => {
    const rows: RolloutEvidence[] = [];
    let cursor = "";
    for (;;) {
      const { status, body } = await ask(setting, `${query}${cursor}`);
      expect(status).toBe(200);
      rows.push(...body.data);
      if (body.next_cursor === null) return rows;
      cursor = `&cursor=${body.next_cursor}`;
    }
  };

  it("are the failed executions first, then the others, each once over the pages, of the arm that is asked for", async () => {
    const setting = await started();
    const traffic = await send(setting, { candidate: { units: 90, errorRate: 0.3 }, control: { units: 40 } });
    await sweep(setting);
    const candidates = traffic.filter((one) => one.split?.arm === "candidate");
    const failed = candidates.filter((one) => one.status === "failed").length;
    const rows = await all(setting, "guardrail=error_rate&limit=20");
    expect(rows).toHaveLength(90);
    expect(new Set(rows.map((row) => row.id)).size).toBe(90);
    expect(rows.map((row) => row.against)).toEqual([
      ...Array.from({ length: failed }, () => true),
      ...Array.from({ length: 90 - failed }, () => false),
    ]);
    expect(rows[0]).toMatchObject({ kind: "execution", arm: "candidate", value: 1 });
    expect(new Set(rows.filter((row) => row.against).map((row) => row.unit_id))).toEqual(
      new Set(candidates.filter((one) => one.status === "failed").map((one) => one.unit_id)),
    );
    const control = await all(setting, "guardrail=error_rate&arm=control");
    expect(control).toHaveLength(40);
    expect(control.every((row) => row.arm === "control" && !row.against)).toBe(true);
    const shown = await api.call(
      setting.organization,
      "GET",
      `/executions/my-agent/${rows[0]?.execution_id}`,
    );
    expect(shown.body).toMatchObject({ id: rows[0]?.execution_id, status: "failed" });
  });

  it("are the bad votes first, and say what rolled a version back", async () => {
    const setting = await started({ guardrails: { required: ["error_rate", "satisfaction"] } });
    const traffic = await send(setting, { candidate: { units: 250 }, control: { units: 250 } });
    const feedback = traffic.map((execution, index) => {
      const liked = execution.split?.arm === "control" ? index % 20 > 0 : index % 5 === 0;
      return {
        execution_id: execution.execution_id,
        agent_id: "my-agent",
        user_id: `user-${index}`,
        feedback_type: liked ? "thumbs_up" : "thumbs_down",
      };
    });
    const batch = { as: "secret", body: { feedback } } as const;
    expect((await api.call(setting.organization, "POST", "/feedback/batch", batch)).status).toBe(201);
    await sweep(setting);
    const ended = await read(setting);
    expect(ended).toMatchObject({ status: "rolled_back", history: { length: 3 } });
    const rows = await all(setting, "guardrail=satisfaction&limit=60");
    expect(rows).toHaveLength(250);
    const bad = rows.filter((row) => row.against);
    expect(bad).toHaveLength(rows.findIndex((row) => !row.against));
    expect(bad.every((row) => row.kind === "feedback" && row.value === 0)).toBe(true);
    expect(ended.history.at(-1)?.evidence).toMatchObject({
      trigger: "satisfaction",
      execution_ids: bad.slice(0, 20).map((row) => row.execution_id),
    });
  });

  it("are outcomes that callers reported, of a metric of their own as well", async () => {
    const setting = await started({
      guardrails: {
        required: ["error_rate"],
        additional: [{ metric: "grounded", kind: "drop", limit: 0.2 }],
      },
    });
    const { organization, rollout } = setting;
    const units = Array.from({ length: 60 }, (_, index) => ({
      kind: "rollout",
      id: rollout.id,
      unit_id: `u${String(index).padStart(2, "0")}`,
      arm: index % 2 === 0 ? "candidate" : "control",
    }));
    const exposed = { as: "secret", body: { exposures: units } } as const;
    expect((await api.call(organization, "POST", "/exposures", exposed)).status).toBe(200);
    const outcomes = units.map(({ kind, id, unit_id }, index) => ({
      kind,
      id,
      unit_id,
      outcome_id: `o-${unit_id}`,
      metric: "grounded",
      value: index % 6 === 0 ? 0.25 : 0.75,
    }));
    const sent = { as: "secret", body: { outcomes } } as const;
    expect((await api.call(organization, "POST", "/outcomes", sent)).status).toBe(200);
    const large = { ...outcomes[0], outcome_id: "large", value: 1.5 };
    const refused = await api.call(organization, "POST", "/outcomes", {
      as: "secret",
      body: { outcomes: [outcomes[1], large] },
    });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "body.outcomes.1.value" }] } });
    const unwatched = { as: "secret", body: { outcomes: [{ ...large, metric: "words" }] } } as const;
    expect((await api.call(organization, "POST", "/outcomes", unwatched)).status).toBe(200);
    await sweep(setting);
    const rows = await all(setting, "guardrail=grounded&limit=7");
    expect(rows).toHaveLength(30);
    expect(rows.map((row) => row.against)).toEqual([
      ...Array.from({ length: 10 }, () => true),
      ...Array.from({ length: 20 }, () => false),
    ]);
    expect(rows[0]).toMatchObject({
      kind: "outcome",
      id: "o-u00",
      execution_id: null,
      unit_id: "u00",
      value: 0.25,
    });
    const grounded = (await read(setting)).why?.guardrails.find((one) => one.name === "grounded");
    expect(grounded).toMatchObject({ candidate_units: 30, control_units: 30, status: "undecided" });
  });

  it("are slow, or costly, ones first once the control has set the limit", async () => {
    const setting = await started({
      guardrails: {
        required: ["latency"],
        additional: [{ metric: "cost_usd", kind: "rise", limit: 0.5 }],
      },
    });
    const latency = (random: { uniform(): number }) => 200 + 100 * random.uniform();
    const arms = { candidate: { units: 200, latency }, control: { units: 200, latency } };
    await send(setting, arms, { prefix: "a" });
    await sweep(setting);
    const slow = { ...arms.candidate, units: 12, latency: () => 5000 };
    await send(setting, { candidate: slow, control: { units: 12, latency } }, { prefix: "b" });
    await sweep(setting);
    const { body } = await ask(setting, "guardrail=latency&limit=12");
    expect(body.data.every((row) => row.against && row.value === 5000)).toBe(true);
    expect((await all(setting, "guardrail=latency&limit=200")).filter((row) => row.against)).toHaveLength(12);
    expect((await ask(setting, "guardrail=cost_usd")).body).toEqual({ data: [], next_cursor: null });
  });

  it("refuses a guardrail that the rollout is not held to, a bad cursor, and strangers", async () => {
    const setting = await started();
    const refused = await ask(setting, "guardrail=charm");
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: [{ path: "query.guardrail", message: expect.stringContaining("error_rate") }] },
    });
    expect((await ask(setting, "")).status).toBe(400);
    expect((await ask(setting, "guardrail=error_rate&arm=nobody")).status).toBe(400);
    const forged = [
      "x",
      "W10",
      Buffer.from('[0,"x"]').toString("base64url"),
      Buffer.from('[99,"a",""]').toString("base64url"),
    ];
    for (const cursor of forged) {
      expect((await ask(setting, `guardrail=error_rate&cursor=${cursor}`)).status).toBe(400);
    }
    const notAnId = Buffer.from(JSON.stringify([0, "not-a-uuid", ""])).toString("base64url");
    expect((await ask(setting, `guardrail=error_rate&cursor=${notAnId}`)).status).toBe(400);
    const stranger = await createTestOrganization(suite.database);
    const path = `/rollouts/${setting.rollout.id}/evidence?guardrail=error_rate`;
    expect((await api.call(stranger, "GET", path)).status).toBe(404);
  });

  it("are none before the first unit", async () => {
    expect((await ask(await started(), "guardrail=error_rate")).body).toEqual({
      data: [],
      next_cursor: null,
    });
  });
});
