import type {
  EvaluationQuestions,
  EvaluationRun,
  EvaluationRunDetails,
  Experiment,
  RegressionCase,
  RolloutDetails,
} from "@agent-learning/contract";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aVote, anExecution, type Problem } from "../../collection/testing-evidence.testing.ts";
import { withSystem } from "../../database/index.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { gateActions, INTENTS, routingConfig } from "./gate-actions.testing.ts";

const CARD = "4111 1111 1111 1111";

describeEachEngine("the release gate", (context) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(context.database);
  });
  afterAll(() => api.close());
  const { organization, call, version, serve, work, gate } = gateActions(
    () => api,
    () => context.database,
  );

  const pin = async (body: object): Promise<RegressionCase> => {
    const answer = await call<RegressionCase>(
      "POST",
      "/regression-cases",
      { agent_id: "my-agent", ...body },
      "annotator",
    );
    expect([200, 201], JSON.stringify(answer.body)).toContain(answer.status);
    return answer.body;
  };
  const pinIntents = async (): Promise<void> => {
    for (const [input, expected] of INTENTS) await pin({ input_text: input, expected_output: expected });
  };
  const rolloutOf = async (versionId: string): Promise<RolloutDetails> =>
    (
      await call<RolloutDetails>(
        "POST",
        "/rollouts",
        { agent_id: "my-agent", candidate_version_id: versionId },
        "secret",
      )
    ).body;
  const approve = (versionId: string): Promise<unknown> =>
    call("POST", `/agents/my-agent/versions/${versionId}/review`, { decision: "approve" });
  const names = ({ requirements }: RolloutDetails): string[] => requirements.map(({ name }) => name);

  it("holds a rollout back until the version passed, says what broke, and lets a good one go", async () => {
    await organization();
    const good = await version(routingConfig());
    await serve(good.id);
    await pinIntents();
    const bad = await version(routingConfig(["lost_or_stolen"]));
    await approve(bad.id);

    const rollout = await rolloutOf(bad.id);
    expect(names(rollout)).toEqual(["regression_missing", "safety_missing"]);
    const early = await call<Problem>("POST", `/rollouts/${rollout.id}/start`, {});
    expect(early).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining("agent-learning check") },
    });

    const run = await gate(bad.id);
    expect(run).toMatchObject({
      status: "completed",
      verdict: "failed",
      candidate_version_id: bad.id,
      baseline_version_id: good.id,
      regression: { verdict: "failed", sentence: expect.stringContaining("1 pinned case breaks") },
      safety: { verdict: "passed" },
    });
    expect(run.regression?.cases.filter(({ status }) => status === "broken")).toMatchObject([
      { expected_output: "lost_or_stolen", output: "general_inquiry", baseline_share: 1, candidate_share: 0 },
    ]);
    const after = await call<RolloutDetails>("GET", `/rollouts/${rollout.id}`);
    expect(names(after.body)).toEqual(["regression_not_passed"]);

    // Another version, equally good: nothing is in its way.
    const other = await version(
      routingConfig([], { parameters: { neighbours: 1, default_output: "other" } }),
    );
    expect(await gate(other.id)).toMatchObject({ verdict: "passed" });
    const second = await rolloutOf(other.id);
    expect(names(second)).toEqual([]);
    expect((await call("POST", `/rollouts/${second.id}/start`, {})).status).toBe(200);
  });

  it("holds an experiment back in the same way", async () => {
    const own = await organization();
    const good = await version(routingConfig());
    await serve(good.id);
    await pinIntents();
    const bad = await version(routingConfig(["payment_fee"]));
    const draft = await call<Experiment>("POST", "/experiments", {
      agent_id: "my-agent",
      name: "test",
      control_config: { version_id: good.id },
      treatment_config: { version_id: bad.id },
    });
    const start = (): Promise<{ status: number; body: Problem }> =>
      api.call<Problem>(own, "PATCH", `/experiments/${draft.body.id}`, {
        as: "reviewer",
        headers: { "if-match": `"${draft.body.revision}"` },
        body: { status: "running" },
      });
    expect(await start()).toMatchObject({
      status: 422,
      body: { errors: [{ path: "requirements.regression_missing" }, {}] },
    });
    await gate(bad.id);
    expect(await start()).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining("pinned case breaks") },
    });
  });

  it("asks for a new run when a case was pinned after the version passed", async () => {
    await organization();
    const good = await version(routingConfig());
    await serve(good.id);
    await pinIntents();
    const other = await version(
      routingConfig([], { parameters: { neighbours: 1, default_output: "other" } }),
    );
    expect((await gate(other.id)).verdict).toBe("passed");
    await pin({ input_text: "I want to close my account", expected_output: "general_inquiry" });
    const rollout = await rolloutOf(other.id);
    expect(names(rollout)).toEqual(["regression_outdated"]);
    // It answers "other" where production answers "general_inquiry".
    expect(await gate(other.id)).toMatchObject({ verdict: "passed" });
  });

  it("wants nothing of an agent without cases, everything by policy, and nothing by policy", async () => {
    for (const [policy, wanted] of [
      [{}, []],
      [{ gate: { required: "always" } }, ["regression_missing", "safety_missing"]],
    ] as const) {
      await organization(policy);
      await serve((await version(routingConfig())).id);
      const other = await version(
        routingConfig([], { parameters: { neighbours: 1, default_output: "other" } }),
      );
      expect(names(await rolloutOf(other.id))).toEqual(wanted);
    }
    await organization({ gate: { required: "never" } });
    await serve((await version(routingConfig())).id);
    await pinIntents();
    const bad = await version(routingConfig(["payment_fee"], { demonstrations: [] }));
    expect((await gate(bad.id)).verdict).toBe("failed");
    await approve(bad.id);
    expect(names(await rolloutOf(bad.id))).toEqual([]);
  });

  it("refuses a version that carries a client's card number, whatever its cases, and not one that does not", async () => {
    await organization();
    await serve((await version(routingConfig())).id);
    const leaking = await version(
      routingConfig([], {
        demonstrations: [
          ...INTENTS.map(([input, output]) => ({ input, output })),
          { input: `my card ${CARD} was declined`, output: "declined" },
        ],
      }),
    );
    const run = await gate(leaking.id);
    expect(run).toMatchObject({
      verdict: "failed",
      regression: { verdict: "passed" },
      safety: { verdict: "failed" },
    });
    expect(run.safety?.checks.find(({ name }) => name === "personal_data")).toMatchObject({
      verdict: "failed",
      findings: [
        {
          place: "demonstrations[3].input",
          label: "Visa card number",
          excerpt: expect.stringContaining("[payment_card]"),
        },
      ],
    });
    expect(JSON.stringify(run)).not.toContain(CARD);
    await approve(leaking.id);
    expect(names(await rolloutOf(leaking.id))).toEqual(["safety_not_passed"]);
    const benign = await version(
      routingConfig([], {
        demonstrations: [
          ...INTENTS.map(([input, output]) => ({ input, output })),
          { input: "my card was declined", output: "declined" },
        ],
      }),
    );
    expect(await gate(benign.id)).toMatchObject({ verdict: "passed" });
  });

  it("pins a failing case of production by one call, and blocks the next version that fails it", async () => {
    await organization();
    const good = await version(routingConfig());
    await serve(good.id);
    const [input, expected] = INTENTS[1] ?? ["", ""];
    await call(
      "POST",
      "/executions",
      anExecution("call-1", {
        input_text: input,
        output_text: "general_inquiry",
        input_context: { intent: "cards" },
      }),
      "secret",
    );
    // From the execution alone: nobody said what is right, only that this was not.
    const wrong = await pin({ execution_id: "call-1" });
    expect(wrong).toMatchObject({
      input_text: input,
      expected_output: "general_inquiry",
      evaluator: { kind: "differs" },
      slices: ["default", "intent:cards"],
      is_pinned: true,
    });
    // From a correction: it says what is right.
    const vote = await call<{ id: string }>(
      "POST",
      "/feedback",
      aVote("call-1", { feedback_type: "correction", correction_text: expected }),
      "secret",
    );
    expect(vote.status).toBe(201);
    const corrected = await pin({ feedback_id: vote.body.id });
    expect(corrected).toMatchObject({
      expected_output: expected,
      evaluator: { kind: "normalised" },
      source_feedback_id: vote.body.id,
      source_execution_id: wrong.source_execution_id,
    });
    // One execution is one case: who says more changes it, who says less does not, and so does pinning it again.
    expect(corrected.id).toBe(wrong.id);
    expect(await pin({ execution_id: "call-1" })).toEqual(corrected);
    expect(await pin({ feedback_id: vote.body.id })).toEqual(corrected);
    const bad = await version(routingConfig(["lost_or_stolen"]));
    const run = await gate(bad.id);
    expect(
      run.regression?.cases.filter(({ status }) => status === "broken").map((one) => one.case_id),
    ).toEqual([corrected.id]);
    await approve(bad.id);
    const rollout = await rolloutOf(bad.id);
    expect((await call("POST", `/rollouts/${rollout.id}/start`, {})).status).toBe(422);
  });

  it("waits for the answers of the caller's own agent, asks a disputed case again, and judges", async () => {
    await organization();
    await pinIntents();
    const mine = await version({ runtime: "model", components: { system_prompt: "Route the message." } });
    const refused = await call<Problem>("POST", "/evaluation-runs", {
      agent_id: "my-agent",
      version_id: mine.id,
    });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "body.answered_by" }] } });

    const run = (
      await call<EvaluationRun>("POST", "/evaluation-runs", {
        agent_id: "my-agent",
        version_id: mine.id,
        checks: ["regression"],
        answered_by: "caller",
      })
    ).body;
    expect(run).toMatchObject({ status: "waiting", pending_answers: 3, baseline_version_id: null });
    const path = `/evaluation-runs/${run.id}`;
    const questions = async (): Promise<EvaluationQuestions> =>
      (await call<EvaluationQuestions>("GET", `${path}/questions`)).body;
    const answer = (answers: object[]): ReturnType<typeof call<EvaluationRun>> =>
      call<EvaluationRun>("POST", `${path}/answers`, { answers });
    const first = await questions();
    expect(first).toMatchObject({
      further: 0,
      data: [{ attempt: 1, side: "candidate", kind: "case" }, {}, {}],
    });

    const known = new Map(INTENTS);
    const outputOf = (text: string): string => (text.includes("fee") ? "wrong" : (known.get(text) ?? "?"));
    const [one, ...others] = first.data.map(({ question_id, input_text }) => ({
      question_id,
      output: outputOf(input_text),
    }));
    expect((await answer([one ?? {}])).body).toMatchObject({ status: "waiting", pending_answers: 2 });
    // The same again, something else, and nothing at all: none is waited for.
    expect(await answer([one ?? {}])).toMatchObject({ status: 422 });
    expect(await answer([{ question_id: "case/none", output: "x" }])).toMatchObject({ status: 422 });
    expect(await answer([{ ...others[0], attempt: 7 }])).toMatchObject({ status: 422 });
    expect(await answer([])).toMatchObject({ status: 400 });
    expect(await answer([{ ...others[0], error: "both" }])).toMatchObject({ status: 400 });
    expect((await answer(others)).body).toMatchObject({ status: "running", pending_answers: 0 });
    expect(await answer(others)).toMatchObject({ status: 409 });
    await work();

    const again = await questions();
    expect(again.data.map(({ attempt, input_text }) => [attempt, input_text.includes("fee")])).toEqual([
      [2, true],
      [3, true],
    ]);
    await answer(
      again.data.map(({ question_id, attempt }) => ({ question_id, attempt, error: "timed out after 5 s" })),
    );
    await work();
    const done = await call<EvaluationRunDetails>("GET", path);
    expect(done.body).toMatchObject({ status: "completed", verdict: "failed", safety: null });
    expect(done.body.regression?.cases.find(({ status }) => status === "broken")).toMatchObject({
      candidate_attempts: 3,
      output: "wrong",
      baseline_share: null,
    });

    // The next version of the same agent is compared with these answers.
    await serve(mine.id);
    const next = await version({
      runtime: "model",
      components: { system_prompt: "Route the message well." },
    });
    const second = (
      await call<EvaluationRun>("POST", "/evaluation-runs", {
        agent_id: "my-agent",
        version_id: next.id,
        checks: ["regression"],
        answered_by: "caller",
      })
    ).body;
    const asked = (await call<EvaluationQuestions>("GET", `/evaluation-runs/${second.id}/questions`)).body
      .data;
    await call("POST", `/evaluation-runs/${second.id}/answers`, {
      answers: asked.map(({ question_id, input_text }) => ({ question_id, output: outputOf(input_text) })),
    });
    await work();
    for (const { question_id, attempt } of (
      await call<EvaluationQuestions>("GET", `/evaluation-runs/${second.id}/questions`)
    ).body.data)
      await call("POST", `/evaluation-runs/${second.id}/answers`, {
        answers: [{ question_id, attempt, output: "wrong" }],
      });
    await work();
    const compared = await call<EvaluationRunDetails>("GET", `/evaluation-runs/${second.id}`);
    expect(compared.body).toMatchObject({
      verdict: "passed",
      sentence: expect.stringContaining("1 case fails as before"),
    });
  });

  it("one execution pinned by several people at once is one case; a retired one does not come back beside it", async () => {
    await organization();
    await call("POST", "/executions", anExecution("call-2"), "secret");
    const pins = await Promise.all(Array.from({ length: 4 }, () => pin({ execution_id: "call-2" })));
    expect(new Set(pins.map(({ id }) => id)).size).toBe(1);
    const retire = (id: string, is_active: boolean) =>
      call("PATCH", `/regression-cases/by-id/${id}`, { is_active });
    const first = pins[0]?.id ?? "";
    await retire(first, false);
    const second = await pin({ execution_id: "call-2" });
    expect(second.id).not.toBe(first);
    expect((await retire(first, true)).status).toBe(409);
    await retire(second.id, false);
    expect((await retire(first, true)).status).toBe(200);
    const examples = await call<{ data: unknown[] }>("GET", "/examples?limit=50");
    expect(examples.body.data).toHaveLength(1);
  });

  it("cases are redacted by the policy, and answers are held to them redacted alike; safety sees them as they are", async () => {
    const mail = "max@firma.de";
    await organization({
      privacy: { redact: { email_address: "mask" } },
      safety: { allowed_values: ["@firma.de"] },
    });
    const spoken = await version({
      runtime: "demonstrations",
      demonstrations: [{ input: "whom do I write to", output: `write to ${mail}` }],
      parameters: { neighbours: 1, default_output: "nobody" },
    });
    const one = await pin({
      input_text: `whom do I write to, I am ${mail}`,
      expected_output: `write to ${mail}`,
      slices: [`of:${mail}`],
    });
    expect(one).toMatchObject({
      input_text: "whom do I write to, I am [email_address]",
      expected_output: "write to [email_address]",
    });
    expect(JSON.stringify(one)).not.toContain(mail);
    const refused = await call("POST", "/regression-cases", {
      agent_id: "my-agent",
      input_text: "x",
      expected_output: "y",
      evaluator: { kind: "regex", pattern: mail },
    });
    expect(refused.status).toBe(422);
    const run = await gate(spoken.id);
    expect(run.regression?.cases).toMatchObject([{ case_id: one.id, status: "passed" }]);

    const own = await version({ runtime: "model", components: { system_prompt: "one" } });
    const { body: asked } = await call<EvaluationRun>("POST", "/evaluation-runs", {
      agent_id: "my-agent",
      version_id: own.id,
      answered_by: "caller",
    });
    const { data } = (await call<EvaluationQuestions>("GET", `/evaluation-runs/${asked.id}/questions`)).body;
    await call("POST", `/evaluation-runs/${asked.id}/answers`, {
      answers: data.map(({ question_id, side, attempt }) => ({
        question_id,
        side,
        attempt,
        output: `write to ${mail}`,
      })),
    });
    await work();
    const { rows } = await withSystem(context.database.kysely, (tx) =>
      sql<{ output: string }>`
        SELECT DISTINCT output FROM evaluation_answers
        WHERE run_id IN (${run.id}, ${asked.id}) AND output LIKE 'write to%'`.execute(tx),
    );
    expect(rows).toEqual([{ output: "write to [email_address]" }]);
  });

  it("quarantines a case whose baseline passes by chance, and remembers why", async () => {
    await organization();
    await pinIntents();
    const base = await version({ runtime: "model", components: { system_prompt: "one" } });
    await serve(base.id);
    const next = await version({ runtime: "model", components: { system_prompt: "two" } });
    const run = (
      await call<EvaluationRun>("POST", "/evaluation-runs", {
        agent_id: "my-agent",
        version_id: next.id,
        checks: ["regression"],
        answered_by: "caller",
        baseline_answers: "submitted",
      })
    ).body;
    expect(run.pending_answers).toBe(6);
    const known = new Map(INTENTS);
    for (let round = 0; round < 2; round += 1) {
      const { data } = (await call<EvaluationQuestions>("GET", `/evaluation-runs/${run.id}/questions`)).body;
      await call("POST", `/evaluation-runs/${run.id}/answers`, {
        answers: data.map(({ question_id, side, attempt, input_text }) => {
          const lucky = side === "baseline" && attempt !== 2;
          return {
            question_id,
            side,
            attempt,
            output: input_text.includes("fee") && !lucky ? "wrong" : known.get(input_text),
          };
        }),
      });
      await work();
    }
    const done = (await call<EvaluationRunDetails>("GET", `/evaluation-runs/${run.id}`)).body;
    expect(done.regression?.cases.find(({ status }) => status === "quarantined")).toMatchObject({
      baseline_share: 2 / 3,
      candidate_share: 0,
      reason: expect.stringContaining("2 of 3"),
    });
    // One of three pinned cases is more than the policy lets go unjudged.
    expect(done.verdict).toBe("inconclusive");
    const { data } = (await call<{ data: RegressionCase[] }>("GET", "/regression-cases/my-agent")).body;
    expect(data.filter(({ quarantine_reason }) => quarantine_reason !== null)).toMatchObject([
      { flakiness: 0.667, quarantine_reason: expect.stringContaining("chance") },
    ]);
  });

  it("forgets what it kept of a person who is erased, and nothing else", async () => {
    const own = await organization();
    const mark = "xylophone-and-marmalade";
    await call(
      "POST",
      "/executions",
      anExecution("theirs", {
        user_id: "person-9",
        input_text: `about ${mark}`,
        output_text: `wrong ${mark}`,
      }),
      "secret",
    );
    await pin({ execution_id: "theirs" });
    await pin({ input_text: "somebody else's", expected_output: "as it should be" });
    const mine = await version({ runtime: "model", components: { system_prompt: "one" } });
    const run = (
      await call<EvaluationRun>("POST", "/evaluation-runs", {
        agent_id: "my-agent",
        version_id: mine.id,
        answered_by: "caller",
      })
    ).body;
    for (let round = 0; round < 2; round += 1) {
      const { data } = (await call<EvaluationQuestions>("GET", `/evaluation-runs/${run.id}/questions`)).body;
      await call("POST", `/evaluation-runs/${run.id}/answers`, {
        answers: data.map(({ question_id, attempt, input_text }) => ({
          question_id,
          attempt,
          output: input_text.includes(mark) ? `wrong ${mark}` : `I can't help with that, ${attempt}.`,
        })),
      });
      await work();
    }
    const details = async (): Promise<EvaluationRunDetails> =>
      (await call<EvaluationRunDetails>("GET", `/evaluation-runs/${run.id}`)).body;
    expect(JSON.stringify(await details())).toContain(mark);
    expect((await details()).safety?.verdict).toBe("failed");
    const erased = await api.call(own, "DELETE", "/persons/person-9", { as: "admin" });
    expect(erased.status, JSON.stringify(erased.body)).toBeLessThan(300);
    const after = await details();
    expect(JSON.stringify(after)).not.toContain(mark);
    expect(after).toMatchObject({ status: "completed", verdict: "failed" });
    expect(after.regression?.cases.map(({ expected_output }) => expected_output).sort()).toEqual([
      "[erased]",
      "as it should be",
    ]);
    const kept = await context.database.kysely
      .selectFrom("evaluation_answers")
      .select("output")
      .where("organization_id", "=", own.id)
      .execute();
    expect(JSON.stringify(kept)).not.toContain(mark);
    expect(JSON.stringify(kept)).toContain("I can't help with that");
  });

  it("ends without a verdict when it is cancelled, or cannot put its questions", async () => {
    await organization();
    await pinIntents();
    const mine = await version({ runtime: "model", components: { system_prompt: "one" } });
    const waiting = (
      await call<EvaluationRun>("POST", "/evaluation-runs", {
        agent_id: "my-agent",
        version_id: mine.id,
        answered_by: "caller",
      })
    ).body;
    expect((await call("POST", `/evaluation-runs/${waiting.id}/cancel`)).body).toMatchObject({
      status: "cancelled",
      verdict: null,
    });
    expect((await call("POST", `/evaluation-runs/${waiting.id}/cancel`)).status).toBe(409);
    const away = createTestApi(context.database, {
      models: {
        configured: true,
        load: async () => ({ generate: async () => Promise.reject(new Error("the endpoint is away")) }),
        dispose: async () => undefined,
      },
    });
    const other = gateActions(
      () => away,
      () => context.database,
    );
    await other.organization();
    const theirs = await other.version({ runtime: "model", components: { system_prompt: "one" } });
    expect(await other.gate(theirs.id)).toMatchObject({
      status: "failed",
      verdict: null,
      error: expect.stringContaining("the endpoint is away"),
      regression: null,
    });
    await away.close();
  });

  it("keeps its runs to the organization, and lists them by agent and version", async () => {
    await organization();
    const one = await version(routingConfig());
    const run = await gate(one.id);
    const listed = await call<{ data: EvaluationRun[] }>(
      "GET",
      `/evaluation-runs?agent_id=my-agent&version_id=${one.id}`,
      undefined,
      "viewer",
    );
    expect(listed.body.data.map(({ id }) => id)).toEqual([run.id]);
    await organization();
    expect((await call("GET", `/evaluation-runs/${run.id}`)).status).toBe(404);
    expect((await call<{ data: unknown[] }>("GET", "/evaluation-runs")).body.data).toEqual([]);
    expect(
      (await call("POST", "/evaluation-runs", { agent_id: "my-agent", version_id: one.id })).status,
    ).toBe(422);
  });

  it.each<[object, string, number?]>([
    [{ feedback_id: "00000000-0000-7000-8000-000000000000" }, "body.feedback_id", 422],
    [{ execution_id: "nothing" }, "body.execution_id", 422],
    [{ input_text: "x" }, "body.expected_output"],
    [{ input_text: "x", execution_id: "y", expected_output: "z" }, "body.input_text"],
    [
      { input_text: "x", expected_output: "y", evaluator: { kind: "regex", pattern: "(" } },
      "body.evaluator.pattern",
    ],
    [{ input_text: "x", expected_output: "y", evaluator: { kind: "guess" } }, "body.evaluator.kind"],
    [
      { input_text: "x", expected_output: "y", evaluator: { kind: "numeric", absolute: -1 } },
      "body.evaluator.absolute",
    ],
  ])("refuses the case %j and names %s", async (body, path, status = 400) => {
    await organization();
    const answer = await call<Problem>("POST", "/regression-cases", { agent_id: "my-agent", ...body });
    expect(answer).toMatchObject({ status, body: { errors: [{ path }] } });
  });
});
