import { DemoError } from "./demo-error.ts";
import type { Experiment } from "@agent-learning/contract";
import type { Traffic } from "./run-traffic.ts";
import type { DemoWorld } from "./world.ts";

const DAY = 24;
const DAYS_AT_MOST = 21;

/** The draft that the gate made, started by the lead and fed with a week of users, day by day, until it is decided. */
export async function runExperiment(
  world: DemoWorld,
  traffic: Traffic,
  options: { usersPerDay: number },
): Promise<Experiment> {
  const { lead } = world.people;
  const drafts = await lead.get<{ data: Experiment[] }>(`/experiments/${world.agent.slug}?limit=1`);
  const draft = drafts.data[0];
  if (draft === undefined || draft.status !== "draft")
    throw new DemoError("the gate let a candidate through but drafted no experiment");
  const path = `/experiments/by-id/${draft.id}`;
  let experiment = await lead.patch<Experiment>(
    `/experiments/${draft.id}`,
    { status: "running" },
    `"${draft.revision}"`,
  );
  const bar = world.report.bar("days of the experiment", 7);
  for (let day = 1; day <= DAYS_AT_MOST && experiment.status === "running"; day += 1) {
    await traffic.run({ messages: world.split.later, requests: options.usersPerDay });
    await world.advance(DAY);
    experiment = (await lead.get<{ experiment: Experiment }>(`${path}/results`)).experiment;
    if (day <= 7) bar.tick();
  }
  bar.done();
  if (experiment.status === "running" && experiment.winner !== null) {
    experiment = await lead.patch<Experiment>(
      `/experiments/${draft.id}`,
      {
        decision: experiment.winner === "treatment" ? "deploy_treatment" : "keep_control",
        decision_notes: "As the sequential test says.",
      },
      `"${experiment.revision}"`,
    );
  }
  return experiment;
}
