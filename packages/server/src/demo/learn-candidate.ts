import { DemoError } from "./demo-error.ts";
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentVersion, DatasetDetail, TrainingRun } from "@agent-learning/contract";
import type { Volume } from "./demo-options.ts";
import type { DemoWorld } from "./world.ts";

const POLL_MILLISECONDS = 250;

/** Builds and freezes a dataset from what was approved. */
export async function buildDataset(world: DemoWorld, split: Volume["split"]): Promise<DatasetDetail> {
  const { engineer, lead } = world.people;
  const draft = await engineer.post<DatasetDetail>("/datasets", {
    agent_id: world.agent.slug,
    name: "support-messages",
    description: "Approved corrections and confirmed answers",
    split,
  });
  return lead.post<DatasetDetail>(`/datasets/${draft.id}/freeze`, {});
}

/** Starts the optimisation and waits for its end, as the guide's curl would. */
export async function learnCandidate(
  world: DemoWorld,
  options: { datasetId: string; seed: number; budgetCalls: number },
): Promise<{ run: TrainingRun; candidate: AgentVersion | undefined }> {
  const { engineer, lead } = world.people;
  let run = await engineer.post<TrainingRun>("/optimize-prompt", {
    agent_id: world.agent.slug,
    dataset_id: options.datasetId,
    optimization_goals: ["accuracy", "clarity"],
    budget_calls: options.budgetCalls,
    seed: options.seed,
  });
  const bar = world.report.bar("optimising", 100);
  let shown = 0;
  while (run.status === "pending" || run.status === "running") {
    await sleep(POLL_MILLISECONDS);
    run = await engineer.get<TrainingRun>(`/training-runs/by-id/${run.id}`);
    bar.tick(run.progress_percentage - shown);
    shown = run.progress_percentage;
  }
  bar.done();
  if (run.status !== "completed")
    throw new DemoError(`the optimisation ended as ${run.status}: ${JSON.stringify(run.error)}`);
  if (run.candidate_version_id === null) return { run, candidate: undefined };
  const path = `/agents/${world.agent.slug}/versions/${run.candidate_version_id}`;
  const candidate = await engineer.get<AgentVersion>(path);
  if (candidate.review_status === "pending") {
    const share = candidate.affected_query_share;
    world.report.line(
      `The change touches ${share === null ? "an unknown share" : `${Math.round(share * 100)} %`} of replayed queries: a person has to approve it, and does.`,
    );
    await lead.post(`${path}/review`, {
      decision: "approve",
      notes: "Read the diff: demonstrations from approved corrections.",
    });
  }
  return { run, candidate };
}
