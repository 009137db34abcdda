import type {
  AgentVersion,
  Experiment,
  ExperimentLook,
  ReportedExposure,
  ReportedOutcome,
  ServingConfiguration,
} from "@agent-learning/contract";
import { SeededRandom } from "@agent-learning/statistics";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { evidenceObservers } from "../../evidence-observers.ts";
import { experimentObservers } from "../../experiment-observers.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { createTestVersions, type TestVersions } from "../traffic.testing.ts";
import { experimentActions } from "./experiment-actions.testing.ts";

type Three = TestVersions & { bold: AgentVersion };
type Unit = Pick<ReportedExposure, "unit_id" | "arm" | "covariates"> & {
  outcomes?: { metric: string; value: number; denominator?: number }[];
};

describeEachEngine("experiments with declared metrics and several arms", (suite) => {
  let api: TestApi;
  const { create, patch, results, sweep } = experimentActions(
    () => api,
    () => suite.database,
  );
  beforeAll(() => {
    api = createTestApi(suite.database, { evidenceObservers, experimentObservers });
  });
  afterEach(() => setClock(suite.database, "0"));
  afterAll(() => api.close());

  async function three(policy: object = {}): Promise<Three> {
    const versions = await createTestVersions(api, suite.database, policy);
    const { body: bold } = await api.call<AgentVersion>(
      versions.organization,
      "POST",
      "/agents/my-agent/versions",
      {
        as: "secret",
        body: { config: { components: { system_prompt: "Answer." }, retrieval: { k: 3 } } },
      },
    );
    return { ...versions, bold };
  }

  const withBold = ({ bold }: Three): object => ({
    control_percentage: 30,
    treatment_percentage: 30,
    additional_treatments: [{ name: "bold", percentage: 30, config: { version_id: bold.id } }],
  });

  const CLICKS = {
    name: "clicks",
    kind: "ratio",
    better: "higher",
    role: "goal",
    source: "outcome",
  } as const;

  async function start(versions: Three, change: object): Promise<Experiment> {
    const draft = await create(versions, { primary_metric: undefined, ...change });
    expect(draft.body).toMatchObject({ status: "draft" });
    const started = await patch(versions.organization, draft.body, { status: "running" });
    expect(started.body).toMatchObject({ status: "running" });
    return started.body;
  }

  async function send(versions: Three, experiment: Experiment, units: readonly Unit[]): Promise<void> {
    const subject = { kind: "experiment" as const, id: experiment.id };
    for (let at = 0; at < units.length; at += 500) {
      const part = units.slice(at, at + 500);
      const exposures = part.map(({ outcomes: _outcomes, ...unit }): ReportedExposure => ({
        ...subject,
        ...unit,
      }));
      const exposed = await api.call(versions.organization, "POST", "/exposures", {
        as: "secret",
        body: { exposures },
      });
      expect(exposed.status).toBe(200);
      const outcomes = part.flatMap(({ unit_id: unit, outcomes: all = [] }) =>
        all.map((outcome, n): ReportedOutcome => ({
          ...subject,
          ...outcome,
          unit_id: unit,
          outcome_id: `${unit}/${n}`,
        })),
      );
      for (let from = 0; from < outcomes.length; from += 500) {
        const body = { outcomes: outcomes.slice(from, from + 500) };
        const answer = await api.call(versions.organization, "POST", "/outcomes", { as: "secret", body });
        expect(answer.status).toBe(200);
      }
    }
  }

  /** Clicks of ten impressions each; the covariate is what the unit clicked before, which tells most of it. */
  function clickers(units: number, rates: Record<string, number>, seed = 1): Unit[] {
    const random = new SeededRandom(seed);
    const arms = Object.keys(rates);
    return Array.from({ length: units * arms.length }, (_, index): Unit => {
      const arm = arms[index % arms.length] ?? "control";
      const habit = random.uniform() * 4;
      const value = Math.max(0, habit + (rates[arm] ?? 0) + random.uniform() - 0.5);
      return {
        unit_id: `u${index}`,
        arm,
        covariates: { clicks: habit },
        outcomes: [{ metric: "clicks", value, denominator: 10 }],
      };
    });
  }

  it("finds the best of three arms by a ratio with a covariate, and deploys its version", async () => {
    const versions = await three();
    const experiment = await start(versions, {
      ...withBold(versions),
      metrics: [{ ...CLICKS, covariate: true }],
      minimum_effect: 0.05,
    });
    expect(experiment).toMatchObject({
      primary_metric: "clicks",
      control_percentage: 30,
      allocation_periods: [{ shares: { control: 0.3, treatment: 0.3, bold: 0.3 } }],
    });
    await send(versions, experiment, clickers(1050, { control: 1, treatment: 1, bold: 1.4 }));
    const early = await results(versions.organization, experiment.id);
    expect(early.experiment.samples).toEqual({ control: 1050, treatment: 1050, bold: 1050 });
    expect(early.experiment.missing).toContain("168 more hours (168 are needed).");
    expect(early.experiment.summary).toMatch(/^Not decided: /);
    expect(early.experiment.power).toMatchObject({ effect: 0.05, effect_source: "minimum_effect" });
    const bold = early.metrics.find((metric) => metric.primary && metric.arm === "bold");
    expect(bold?.control).toMatchObject({ units: 1050, outcomes: 10_500 });
    expect(bold?.control.mean).toBeCloseTo(0.3, 1);
    expect(bold?.cuped?.variance_reduction).toBeGreaterThan(0.8);
    expect(bold?.bayes?.chance_to_win).toBeGreaterThan(0.99);
    expect(early.experiment.health).toMatchObject({ status: "healthy" });
    expect(early.experiment.health.covariates).toHaveLength(2);

    await setClock(suite.database, "169 hours");
    await sweep(versions.organization);
    const { experiment: ended } = await results(versions.organization, experiment.id);
    expect(ended).toMatchObject({
      status: "decided",
      winner: "treatment",
      winning_arm: "bold",
      decision: "deploy_treatment",
    });
    expect(ended.decision_notes).toContain("bold won");
    const rollouts = await api.call<{ data: { candidate_version_id: string; experiment_id: string }[] }>(
      versions.organization,
      "GET",
      "/rollouts?agent_id=my-agent",
    );
    expect(rollouts.body.data).toEqual([
      expect.objectContaining({ candidate_version_id: versions.bold.id, experiment_id: experiment.id }),
    ]);

    const looks = await api.call<{ data: ExperimentLook[] }>(
      versions.organization,
      "GET",
      `/experiments/by-id/${experiment.id}/looks?arm=bold`,
    );
    expect(looks.body.data.length).toBeGreaterThanOrEqual(2);
    expect(looks.body.data.at(-1)).toMatchObject({ metric: "clicks", arm: "bold" });
    expect(looks.body.data.at(-1)?.relative?.lower).toBeGreaterThan(0);
    for (const query of ["metric=charm", "arm=control"]) {
      const refused = await api.call(
        versions.organization,
        "GET",
        `/experiments/by-id/${experiment.id}/looks?${query}`,
      );
      expect(refused.status).toBe(422);
    }
  });

  it("asks a person who deploys one of several treatments which one", async () => {
    const versions = await three({ experiment: { automatic_decision: false } });
    const experiment = await start(versions, { ...withBold(versions), metrics: [CLICKS] });
    const vague = await patch(versions.organization, experiment, { decision: "deploy_treatment" });
    expect(vague.status).toBe(422);
    expect(JSON.stringify(vague.body)).toContain("treatment, bold");
    const chosen = await patch(versions.organization, experiment, {
      decision: "deploy_treatment",
      winning_arm: "bold",
      decision_notes: "It is what the product needs.",
    });
    expect(chosen.body).toMatchObject({
      status: "decided",
      winner: "none",
      winning_arm: "bold",
      decision_notes: "It is what the product needs.",
    });
  });

  it("counts an outcome once, and takes quantiles, sums and shares of units", async () => {
    const versions = await three();
    const experiment = await start(versions, {
      metrics: [
        { name: "bought", kind: "binary", better: "higher", role: "goal", source: "outcome", per: "unit" },
        { name: "spend", kind: "mean", better: "higher", source: "outcome", per: "unit" },
        { name: "wait", kind: "quantile", quantile: 0.9, better: "lower", source: "outcome" },
        { name: "latency_p95", kind: "quantile", quantile: 0.95, source: "latency_ms" },
        { name: "tokens" },
      ],
    });
    const units = Array.from({ length: 200 }, (_, index): Unit => ({
      unit_id: `u${index}`,
      arm: index % 2 === 0 ? "control" : "treatment",
      outcomes: [
        ...(index % 4 < 2 ? [1, 0, 1].map((value) => ({ metric: "bought", value })) : []),
        { metric: "spend", value: 5 },
        { metric: "spend", value: 7 },
        { metric: "wait", value: 1 + index },
        { metric: "wait", value: 1 + index },
        { metric: "latency_ms", value: 100 },
      ],
    }));
    await send(versions, experiment, units);
    await send(versions, experiment, units);
    const split = { kind: "experiment", id: experiment.id, arm: "control" };
    const recorded = await api.call(versions.organization, "POST", "/executions", {
      as: "secret",
      body: {
        agent_id: "my-agent",
        execution_id: "x1",
        unit_id: "u0",
        split,
        input_text: "q",
        status: "succeeded",
        prompt_tokens: 20,
        completion_tokens: 4,
      },
    });
    expect(recorded.status).toBeLessThan(300);
    const { experiment: seen, metrics } = await results(versions.organization, experiment.id);
    expect(seen.samples).toEqual({ control: 100, treatment: 100 });
    expect(seen.control_metrics["bought"]).toMatchObject({ units: 100, mean: 0.5 });
    expect(seen.control_metrics["spend"]).toMatchObject({ units: 100, mean: 12 });
    expect(seen.control_metrics["tokens"]).toMatchObject({ units: 1, mean: 24 });
    expect(seen.control_metrics["latency_p95"]?.mean).toBeCloseTo(100, 0);
    const wait = metrics.find((metric) => metric.metric === "wait");
    expect(wait?.treatment).toMatchObject({ units: 100, outcomes: 200 });
    expect(wait?.treatment.mean).toBeGreaterThan(178);
    expect(wait?.treatment.mean).toBeLessThan(183);
    expect(wait?.absolute?.lower).toBeLessThan(0);
    // Declared or not, what harm is watched in.
    expect(seen.metrics.map((metric) => metric.name)).toEqual(
      expect.arrayContaining(["error_rate", "satisfaction"]),
    );
  });

  it("stops one arm that does harm, and goes on with the others where they were", async () => {
    const versions = await three();
    const experiment = await start(versions, {
      ...withBold(versions),
      metrics: [{ name: "task_completion", role: "goal" }],
    });
    const random = new SeededRandom(4);
    const failing = { control: 0.02, treatment: 0.02, bold: 0.4 };
    const units = Array.from({ length: 900 }, (_, index): Unit => {
      const arm = (["control", "treatment", "bold"] as const)[index % 3] ?? "control";
      const value = Number(random.uniform() < failing[arm]);
      return { unit_id: `u${index}`, arm, outcomes: [{ metric: "error_rate", value }] };
    });
    await send(versions, experiment, units);
    await sweep(versions.organization);
    const { experiment: seen, harm } = await results(versions.organization, experiment.id);
    expect(seen.status).toBe("running");
    expect(seen.allocation_periods.at(-1)).toMatchObject({
      shares: { control: 0.3, treatment: 0.3, bold: 0 },
      reason: "Stopped for harm: bold.",
    });
    expect(harm.filter((one) => one.breached).map((one) => one.arm)).toEqual(["bold"]);
    const serving = await api.call<ServingConfiguration>(
      versions.organization,
      "GET",
      "/agents/my-agent/serving",
    );
    expect(serving.body.splits[0]?.arms.map((arm) => arm.name)).toEqual(["control", "treatment"]);
    expect(serving.body.splits[0]).toMatchObject({ stage: 1 });
    // A second look changes nothing.
    await sweep(versions.organization);
    expect((await results(versions.organization, experiment.id)).experiment.allocation_periods).toHaveLength(
      2,
    );
  });

  it("moves a bandit's units towards the better arms after a period, and stays healthy", async () => {
    const versions = await three();
    const experiment = await start(versions, {
      ...withBold(versions),
      metrics: [CLICKS],
      allocation: { policy: "bandit", floor: 0.1, update_hours: 24 },
    });
    await send(versions, experiment, clickers(300, { control: 0, treatment: 1, bold: 1 }, 7).map(strip));
    await sweep(versions.organization);
    await setClock(suite.database, "25 hours");
    await sweep(versions.organization);
    const { experiment: seen } = await results(versions.organization, experiment.id);
    const shares = seen.allocation_periods.at(-1)?.shares ?? {};
    expect(seen.allocation_periods).toHaveLength(2);
    expect(shares["control"]).toBeCloseTo(0.09, 3);
    expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(0.9, 9);

    // The next period's units come in at its shares: the ratio is judged by them.
    const random = new SeededRandom(5);
    const next = Array.from({ length: 1500 }, (_, index): Unit => {
      const at = random.uniform() * 0.9;
      const first = shares["control"] ?? 0;
      const arm = at < first ? "control" : at < first + (shares["treatment"] ?? 0) ? "treatment" : "bold";
      return { unit_id: `n${index}`, arm, outcomes: [{ metric: "clicks", value: 3, denominator: 10 }] };
    });
    await send(versions, experiment, next);
    const { experiment: after } = await results(versions.organization, experiment.id);
    expect(after.health).toMatchObject({ status: "healthy", sample_ratio: { alarm: false } });
  });

  const strip = ({ covariates: _covariates, ...unit }: Unit): Unit => unit;

  it("concludes a fixed horizon once, at its end", async () => {
    const versions = await three();
    const experiment = await start(versions, { metrics: [CLICKS], inference: "fixed_horizon" });
    await send(versions, experiment, clickers(1100, { control: 1, treatment: 1.3 }).map(strip));
    const early = await results(versions.organization, experiment.id);
    expect(early.metrics.every((metric) => metric.absolute === null && metric.p_value === null)).toBe(true);
    expect(early.experiment.missing.join(" ")).toContain("nothing is concluded before it");
    await setClock(suite.database, "169 hours");
    await sweep(versions.organization);
    expect((await results(versions.organization, experiment.id)).experiment).toMatchObject({
      status: "decided",
      winner: "treatment",
      decision: "deploy_treatment",
    });
  });

  it("ends a fixed horizon that shows nothing as inconclusive", async () => {
    const versions = await three();
    const experiment = await start(versions, { metrics: [CLICKS], inference: "fixed_horizon" });
    await send(versions, experiment, clickers(1100, { control: 1, treatment: 1 }, 3).map(strip));
    await setClock(suite.database, "169 hours");
    await sweep(versions.organization);
    const { experiment: seen } = await results(versions.organization, experiment.id);
    expect(seen).toMatchObject({ status: "decided", winner: "none", decision: "inconclusive" });
    expect(seen.decision_notes).toContain("The fixed horizon is over");
  });

  it("has no winner where an arm's units differed before the experiment", async () => {
    const versions = await three();
    const experiment = await start(versions, { metrics: [{ ...CLICKS, covariate: true }] });
    const units = clickers(1100, { control: 1, treatment: 1.3 }).map((unit) => ({
      ...unit,
      covariates: { clicks: (unit.covariates?.["clicks"] ?? 0) + (unit.arm === "treatment" ? 1 : 0) },
    }));
    await send(versions, experiment, units);
    await setClock(suite.database, "169 hours");
    await sweep(versions.organization);
    const { experiment: seen } = await results(versions.organization, experiment.id);
    expect(seen).toMatchObject({ status: "running", winner: null, health: { status: "unhealthy" } });
    expect(seen.missing.join(" ")).toContain("the split is not random");
  });

  describe("side by side", () => {
    it("are two experiments of one exclusion group on one agent, and no third that does not fit", async () => {
      const versions = await three();
      const group = { exclusion_group: "answers", metrics: [CLICKS] };
      const first = await start(versions, { ...group, control_percentage: 20, treatment_percentage: 20 });
      const second = await start(versions, {
        ...group,
        treatment_config: { version_id: versions.bold.id },
        control_percentage: 20,
        treatment_percentage: 30,
        hash: "growthbook-v2",
        assignment_seed: "checkout-button",
      });
      const serving = async (): Promise<ServingConfiguration> =>
        (await api.call<ServingConfiguration>(versions.organization, "GET", "/agents/my-agent/serving")).body;
      const { split, splits } = await serving();
      expect(split?.id).toBe(first.id);
      const slotOf = (start: number, end: number): object => ({
        seed: "exclusion-group/answers",
        start,
        end,
      });
      expect(splits).toMatchObject([
        { id: first.id, hash: "murmur3", slot: slotOf(0, 0.4), arms: [{ start: 0, end: 0.5 }, { end: 1 }] },
        { id: second.id, hash: "growthbook-v2", seed: "checkout-button", slot: slotOf(0.4, 0.9) },
      ]);
      const third = await create(versions, { ...group, primary_metric: undefined });
      const full = await patch(versions.organization, third.body, { status: "running" });
      expect(full.status).toBe(422);
      expect(JSON.stringify(full.body)).toContain("has no 100 % of its units free");

      const alone = await create(versions, {});
      const blocked = await patch(versions.organization, alone.body, { status: "running" });
      expect(blocked.status).toBe(422);
      expect(JSON.stringify(blocked.body)).toContain("create both in one exclusion_group");

      await patch(versions.organization, first, { status: "stopped" });
      expect((await serving()).splits.map((one) => one.id)).toEqual([second.id]);
      const small = await start(versions, { ...group, control_percentage: 5, treatment_percentage: 5 });
      expect(small.status).toBe("running");
    });

    it("gives one slot to one of many that start at the same moment", async () => {
      const versions = await three();
      const half = {
        exclusion_group: "race",
        metrics: [CLICKS],
        primary_metric: undefined,
        control_percentage: 30,
        treatment_percentage: 30,
      };
      const drafts = await Promise.all(Array.from({ length: 4 }, () => create(versions, half)));
      const answers = await Promise.all(
        drafts.map((draft) => patch(versions.organization, draft.body, { status: "running" })),
      );
      expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 422, 422, 422]);
    });
  });

  describe("bad input says what to change", () => {
    const metric = (change: object): object => ({ metrics: [{ ...CLICKS, ...change }] });
    const goal = { name: "task_completion", role: "goal" };
    it.each<[string, (versions: Three) => object, string, string]>([
      [
        "weights above 100",
        () => ({ control_percentage: 70 }),
        "body.treatment_percentage",
        "lower them by 20",
      ],
      [
        "three arms above 100",
        (v) => ({ ...withBold(v), control_percentage: 50 }),
        "body.additional_treatments.0.percentage",
        "110 %",
      ],
      ["an arm of weight 0", () => ({ control_percentage: 0 }), "body.control_percentage", "at least 1"],
      [
        "two arms of one name",
        (v) => ({
          control_percentage: 30,
          treatment_percentage: 30,
          additional_treatments: [{ name: "control", percentage: 10, config: { version_id: v.bold.id } }],
        }),
        "body.additional_treatments.0.name",
        "a name of its own",
      ],
      [
        "one version in two arms",
        (v) => ({
          control_percentage: 30,
          treatment_percentage: 30,
          additional_treatments: [{ name: "b", percentage: 10, config: { version_id: v.treatment.id } }],
        }),
        "body.additional_treatments.0.config.version_id",
        "is the version of treatment too",
      ],
      [
        "no source",
        () => metric({ source: undefined }),
        "body.metrics.0.source",
        "POST /api/learning/outcomes",
      ],
      [
        "no kind",
        () => metric({ kind: undefined }),
        "body.metrics.0.kind",
        "binary, mean, ratio or quantile",
      ],
      ["no direction", () => metric({ better: undefined }), "body.metrics.0.better", "higher or lower"],
      ["no goal", () => metric({ role: "signal" }), "body.metrics", "role goal"],
      [
        "a primary metric that is no goal",
        () => ({ ...metric({}), primary_metric: "satisfaction" }),
        "body.primary_metric",
        "clicks",
      ],
      [
        "a quantile of 1",
        () => metric({ kind: "quantile", quantile: 1 }),
        "body.metrics.0.quantile",
        "below 1",
      ],
      ["a quantile of a ratio", () => metric({ quantile: 0.5 }), "body.metrics.0.quantile", "leave it out"],
      ["a metric twice", () => ({ metrics: [CLICKS, CLICKS] }), "body.metrics.1.name", "is declared twice"],
      [
        "errors that are good",
        () => ({ metrics: [goal, { name: "error_rate", better: "higher" }] }),
        "body.metrics.1.better",
        "must be lower",
      ],
      [
        "a bandit of two arms",
        () => ({ metrics: [goal], allocation: { policy: "bandit" } }),
        "body.allocation.policy",
        "Add a treatment",
      ],
      [
        "a floor above an equal share",
        (v) => ({ ...withBold(v), metrics: [goal], allocation: { policy: "bandit", floor: 0.5 } }),
        "body.allocation.floor",
        "at most 0.333",
      ],
      [
        "a floor without a bandit",
        () => ({ metrics: [goal], allocation: { policy: "fixed", floor: 0.1 } }),
        "body.allocation.floor",
        "belongs to the policy bandit",
      ],
    ])("%s", async (_name, change, path, words) => {
      const versions = await three();
      const answer = await create(versions, { primary_metric: undefined, ...change(versions) });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ path }] } });
      expect(JSON.stringify(answer.body)).toContain(words);
    });

    it("of exposures and outcomes", async () => {
      const versions = await three();
      const experiment = await start(versions, {
        metrics: [
          CLICKS,
          { name: "bought", kind: "binary", better: "higher", source: "outcome" },
          { name: "wait", kind: "quantile", quantile: 0.9, better: "lower", source: "outcome" },
        ],
      });
      await send(versions, experiment, [{ unit_id: "u", arm: "control" }]);
      const subject = { kind: "experiment", id: experiment.id, unit_id: "u" };
      const post = async (path: string, field: string, item: object) => {
        const body = { [field]: [item] };
        return api.call(versions.organization, "POST", path, { as: "secret", body });
      };
      const past = "2020-01-01T00:00:00Z";
      const future = "2124-01-01T00:00:00Z";
      const outcome = { ...subject, outcome_id: "o", metric: "clicks", value: 1, denominator: 2 };
      const refused: [string, object, string, string][] = [
        ["/outcomes", { metric: "charm" }, "metric", "it measures clicks, bought, wait"],
        ["/outcomes", { denominator: undefined }, "denominator", "is missing"],
        ["/outcomes", { denominator: -1 }, "denominator", "between 0"],
        ["/outcomes", { value: 1e300 }, "value", "larger unit"],
        ["/outcomes", { metric: "bought", value: 2, denominator: undefined }, "value", "0 or 1"],
        ["/outcomes", { metric: "bought", value: 1 }, "denominator", "left out"],
        ["/outcomes", { metric: "wait", value: -1, denominator: undefined }, "value", "at least 0"],
        ["/outcomes", { unit_id: "nobody" }, "unit_id", "report the exposure"],
        ["/outcomes", { occurred_at: past }, "occurred_at", "lies before the unit's exposure"],
        ["/outcomes", { occurred_at: future }, "occurred_at", "Check the clock"],
        ["/exposures", { occurred_at: past }, "occurred_at", "lies before the start"],
        ["/exposures", { occurred_at: future }, "occurred_at", "Check the clock"],
        ["/exposures", { covariates: { clicks: 1 } }, "covariates.clicks", "no metric of this experiment"],
        ["/exposures", { arm: "bold" }, "arm", "control and treatment"],
      ];
      for (const [path, change, field, words] of refused) {
        const list = path.slice(1);
        const base = list === "outcomes" ? outcome : { ...subject, arm: "control" };
        const answer = await post(path, list, { ...base, ...change });
        expect(answer).toMatchObject({
          status: 422,
          body: { errors: [{ path: `body.${list}.0.${field}` }] },
        });
        expect(JSON.stringify(answer.body)).toContain(words);
      }
      expect((await post("/outcomes", "outcomes", outcome)).status).toBe(200);
    });

    it("of numbers that JSON can write and nobody can measure", async () => {
      const versions = await three();
      const experiment = await start(versions, { metrics: [CLICKS] });
      await send(versions, experiment, [{ unit_id: "u", arm: "control" }]);
      const answers = await Promise.all(
        ["1e999", "-1e999", "NaN", "Infinity", "null", '"1"'].map(async (value) => {
          const { statusCode, body } = await api.server.inject({
            method: "POST",
            url: "/api/learning/outcomes",
            headers: {
              authorization: `Bearer ${versions.organization.secret.key}`,
              "content-type": "application/json",
            },
            payload: `{"outcomes":[{"kind":"experiment","id":"${experiment.id}","unit_id":"u","outcome_id":"o","metric":"clicks","denominator":1,"value":${value}}]}`,
          });
          return [statusCode, body.includes("body.outcomes.0.value")];
        }),
      );
      expect(answers).toEqual([
        [422, true],
        [422, true],
        [422, true],
        [422, true],
        [422, true],
        [400, true],
      ]);
    });
  });
});
