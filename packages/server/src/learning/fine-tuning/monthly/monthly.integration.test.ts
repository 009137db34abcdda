import type { TrainingRun } from "@agent-learning/contract";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeEachEngine, setClock } from "../../../testing/test-database.ts";
import { type FineTuningBench, openFineTuning } from "../fine-tuning.testing.ts";
import { monthlyFineTuning } from "./propose-monthly-runs.ts";

describeEachEngine("monthly fine-tuning", (suite) => {
  let bench: FineTuningBench;
  beforeEach(async () => {
    bench = await openFineTuning(suite.database);
  });
  afterEach(async () => {
    await setClock(suite.database, "0");
    await bench.close();
  });

  const sweep = (): Promise<void> => monthlyFineTuning.sweep(bench.services, bench.organization.id);
  const runs = async (): Promise<TrainingRun[]> => {
    const path = "/training-runs/my-agent";
    return (await bench.api.call<{ data: TrainingRun[] }>(bench.organization, "GET", path)).body.data;
  };

  it("proposes a run with what it would take, once, and leaves starting it to a person", async () => {
    await sweep();
    expect(await runs()).toEqual([]);
    await bench.serve({ runtime: "model" });
    const dataset = await bench.dataset(40);
    await Promise.all([sweep(), sweep(), sweep()]);
    const [run, ...more] = await runs();
    expect(more).toEqual([]);
    expect(run).toMatchObject({
      phase: "draft",
      training_type: "supervised_fine_tuning",
      dataset_id: dataset,
      created_by: null,
      description: expect.stringContaining("until a person starts it") as string,
    });
    const [event] = await bench.events(run?.id ?? "");
    expect(event).toMatchObject({
      type: "proposed",
      data: { estimate: { ready: true, backend: "trl", expected_effect: { earlier_runs: 0 } } },
    });
    // Nobody took it up: no second one, however long it stands.
    await setClock(suite.database, "100 days");
    await sweep();
    expect(await runs()).toHaveLength(1);
    // Started, and rejected or done: the next needs another dataset.
    await bench.post(run?.id ?? "", "cancel");
    await sweep();
    expect(await runs()).toHaveLength(1);
    await bench.dataset(10);
    await sweep();
    expect(await runs()).toHaveLength(2);
  });
});
