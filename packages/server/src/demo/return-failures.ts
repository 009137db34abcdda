import { setTimeout as sleep } from "node:timers/promises";
import type {
  AgentVersion,
  EvaluationRun,
  EvaluationRunDetails,
  Execution,
  Feedback,
  RegressionCase,
} from "@agent-learning/contract";
import type { DemoWorld } from "./world.ts";

const CASES = 5;
const POLL_MILLISECONDS = 100;

/** What came back to the gate. */
export interface ReturnedFailures {
  cases: number;
  /** How many of them the version answers otherwise. */
  wrong: number;
}

/**
 * What users corrected last becomes pinned cases, one for each message: the next candidate is held to them. So is this version at
 * once, to see which of them it still answers otherwise.
 */
export async function returnFailures(world: DemoWorld, version: AgentVersion): Promise<ReturnedFailures> {
  const { engineer, lead } = world.people;
  const { slug } = world.agent;
  const { data: corrections } = await engineer.get<{ data: Feedback[] }>(
    `/agents/${slug}/feedback?feedback_type=correction&limit=50`,
  );
  const messages = new Set<string>();
  for (const { id, execution_id: execution } of corrections) {
    if (messages.size === CASES) break;
    const { input_text: message } = await lead.get<Execution>(`/executions/${slug}/${execution}`);
    if (messages.size === messages.add(message).size) continue;
    await lead.post<RegressionCase>("/regression-cases", {
      agent_id: slug,
      feedback_id: id,
      slice: "corrected by users",
    });
  }
  let run = await lead.post<EvaluationRun>("/evaluation-runs", {
    agent_id: slug,
    version_id: version.id,
    checks: ["regression"],
  });
  while (run.status === "pending" || run.status === "running") {
    await sleep(POLL_MILLISECONDS);
    run = await lead.get<EvaluationRun>(`/evaluation-runs/${run.id}`);
  }
  const { regression } = await lead.get<EvaluationRunDetails>(`/evaluation-runs/${run.id}`);
  const wrong = regression?.cases.filter(({ status }) => status !== "passed").length ?? 0;
  return { cases: messages.size, wrong };
}
