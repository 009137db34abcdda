import type { ComparedRow, Problem, RunFindings, TrainingRun } from "@agent-learning/contract";
import { afterEach, expect, it } from "vitest";
import { json, withSystem } from "../../database/index.ts";
import {
  functionModel,
  imitate,
  modelProvider,
  openBench,
  type PromptBench,
} from "../../learning/prompt/prompt-actions.testing.ts";
import { newId } from "../../new-id.ts";
import { describeEachEngine } from "../../testing/test-database.ts";

/** The built-in agent without anything learned: it is never right. */
const IGNORANT = { runtime: "demonstrations", demonstrations: [], parameters: { default_output: "no idea" } };

interface Page {
  data: ComparedRow[];
  next_cursor: string | null;
}

describeEachEngine("what a run learned, for the person who decides", (context) => {
  let bench: PromptBench | undefined;
  afterEach(async () => bench?.server.close());

  async function open(...parameters: Parameters<typeof openBench> extends [unknown, ...infer R] ? R : never) {
    const opened = await openBench(context.database, ...parameters);
    bench = opened;
    return {
      ...opened,
      findings: (run: TrainingRun) =>
        opened.call<RunFindings>("GET", `/training-runs/by-id/${run.id}/findings`),
      rows: (run: TrainingRun, query = "") =>
        opened.call<Page>("GET", `/training-runs/by-id/${run.id}/rows${query}`),
      /** So many candidates met the gate before that hardly anything can be proven any more. */
      exhaustTheSplit: async (versionId: string) => {
        const rows = Array.from({ length: 30 }, () => ({
          organization_id: opened.organization.id,
          id: newId(),
          agent_id: opened.agentId,
          candidate_version_id: versionId,
          kind: "gate",
          verdict: "reject",
          report: json({}),
        }));
        await withSystem(context.database.kysely, (tx) =>
          tx.insertInto("evaluation_reports").values(rows).execute(),
        );
      },
    };
  }

  it("shows the difference, the comparison, wins and losses row by row, cost and effect; unproven, it goes to an A/B arm", async () => {
    const { putIntoService, addExamples, exhaustTheSplit, optimise, findings, rows, call, organization } =
      await open();
    const base = await putIntoService(IGNORANT);
    await addExamples(20);
    await exhaustTheSplit(base);
    const run = await optimise();
    const found = await findings(run);
    expect(found).toMatchObject({
      run_id: run.id,
      base_version_id: base,
      candidate_version_id: run.candidate_version_id,
      outcome: "send_to_experiment",
      next_step: expect.stringMatching(/^(review_version|start_experiment)$/) as string,
      spent: { calls: 0, tokens: 0, cost: 0 },
      experiment: { status: "draft" },
      expected_effect: {
        affected_query_share: null,
        answer_tokens: { baseline: { prompt: 0 }, candidate: { prompt: 0 } },
      },
      preference: {
        judgements: 0,
        is_usable: false,
        candidate: null,
        sentence: expect.stringMatching(/too few pairs \(0/) as string,
      },
    });
    expect(found.reasons[0]).toMatch(/did better, but not provably: an experiment can decide/);
    expect(found.difference?.demonstrations.added.length).toBeGreaterThan(10);
    const { comparison } = found;
    expect(comparison?.losses).toBe(0);
    expect(comparison?.wins).toBeGreaterThan(0);
    expect(found.expected_effect.score).toBe(comparison?.difference);
    // The arm itself: candidate against base, with the reason.
    const experiment = await call<Record<string, unknown>>(
      "GET",
      `/experiments/by-id/${found.experiment?.id}`,
    );
    expect(experiment).toMatchObject({
      control_config: { version_id: base },
      treatment_config: { version_id: run.candidate_version_id },
      training_run_id: run.id,
      description: expect.stringContaining("not provably") as string,
    });

    const wins = await rows(run, "?outcome=win");
    expect(wins.data).toHaveLength(comparison?.wins ?? -1);
    for (const row of wins.data) {
      expect(row).toMatchObject({ baseline_score: 0, candidate_score: 1, baseline_output: "no idea" });
      expect(row.candidate_output).toBe(row.expected_output);
      expect(row.input_text).not.toBe("");
    }
    expect((await rows(run, "?outcome=loss")).data).toEqual([]);
    const all: ComparedRow[] = [];
    for (
      let page = await rows(run, "?limit=1");
      ;
      page = await rows(run, `?limit=1&cursor=${page.next_cursor}`)
    ) {
      all.push(...page.data);
      if (page.next_cursor === null) break;
    }
    expect(new Set(all.map(({ row_id }) => row_id)).size).toBe(comparison?.rows);
    const viewer = organization.members.viewer.key;
    expect((await call<Page>("GET", `/training-runs/by-id/${run.id}/rows`, undefined, viewer)).data).toEqual(
      all,
    );
  });

  it("counts what a model's answers took, and what changes for recent inputs", async () => {
    const model = functionModel(imitate);
    const own = await open({ models: modelProvider(model), vetCandidate: async () => undefined });
    await own.putIntoService({
      runtime: "model",
      components: { system_prompt: "Name the subject." },
      parameters: { max_tokens: 8 },
    });
    await own.addExamples(40);
    const run = await own.optimise({ budget_calls: 300 });
    const found = await own.findings(run);
    expect(found.outcome, JSON.stringify(run.metrics).slice(0, 400)).toMatch(
      /^(promote|send_to_experiment)$/,
    );
    expect(found.spent?.calls).toBe(model.requests.length);
    const tokens = found.expected_effect.answer_tokens;
    expect(tokens?.candidate.prompt).toBeGreaterThan(tokens?.baseline.prompt ?? Infinity);
    expect(found.difference?.demonstrations.added.length).toBeGreaterThan(0);
  });

  it("says of a run without a candidate why, and that nothing is to do", async () => {
    const { putIntoService, optimise, findings, rows } = await open();
    await putIntoService(IGNORANT);
    const run = await optimise();
    expect(await findings(run)).toMatchObject({
      outcome: "seed_kept",
      next_step: "nothing",
      difference: null,
      comparison: null,
      experiment: null,
      reasons: expect.arrayContaining([expect.stringContaining("no dataset")]) as string[],
    });
    expect(await rows(run)).toEqual({ data: [], next_cursor: null });
  });

  it("says of a run that waits that one has to wait; of none that there is none; forged cursors are refused", async () => {
    const { putIntoService, call, ask, findings } = await open();
    await putIntoService(IGNORANT);
    const run = await call<TrainingRun>("POST", "/optimize-prompt", { agent_id: "my-agent" });
    expect(await findings(run)).toMatchObject({ outcome: null, next_step: "wait", spent: null });
    for (const path of ["findings", "rows"])
      expect((await ask("GET", `/training-runs/by-id/${newId()}/${path}`)).status).toBe(404);
    const forged = await ask<Problem>("GET", `/training-runs/by-id/${run.id}/rows?cursor=abc`);
    expect(forged).toMatchObject({ status: 400, body: { errors: [{ path: "query.cursor" }] } });
  });

  it("forgets what was answered to an erased person", async () => {
    const { putIntoService, addExamples, optimise, rows, organization, call } = await open();
    await putIntoService(IGNORANT);
    await addExamples(20);
    const run = await optimise();
    const before = await rows(run, "?outcome=win");
    await withSystem(context.database.kysely, (tx) =>
      tx
        .updateTable("learning_examples")
        .set({ source_user_id: organization.endUserId })
        .where("organization_id", "=", organization.id)
        .where("id", "=", before.data[0]?.row_id ?? "")
        .execute(),
    );
    await call("DELETE", `/persons/${organization.endUserId}`, undefined, organization.members.admin.key);
    const [first, ...others] = (await rows(run, "?outcome=win")).data;
    expect(first).toMatchObject({
      row_id: before.data[0]?.row_id,
      baseline_output: null,
      candidate_output: null,
    });
    expect(first?.expected_output ?? "[erased]").toBe("[erased]");
    expect(others).toEqual(before.data.slice(1));
  });
});
