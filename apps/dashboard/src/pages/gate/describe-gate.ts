import type { EvaluationRun } from "../../api/types.ts";
import { count, plural } from "../../format/numbers.ts";

/** The word for where a run of the gate stands: its verdict once it has one. */
export function gateWord({
  verdict,
  status,
}: EvaluationRun): NonNullable<EvaluationRun["verdict"]> | EvaluationRun["status"] {
  return verdict ?? status;
}

/** What the gate says, or waits for, in a sentence. */
export function describeGate(run: EvaluationRun): string {
  switch (run.status) {
    case "pending":
      return "It waits for a worker.";
    case "running":
      return "The version is answering its cases and probes.";
    case "waiting":
      return `${plural(run.pendingAnswers, "answer is", "answers are")} missing: only the agent itself can give them.`;
    case "cancelled":
      return "It was cancelled; nothing was concluded.";
    case "failed":
      return run.error ?? "No verdict could be reached.";
    default:
      return run.sentence ?? "It is complete.";
  }
}

/** Cases of a report by how they went, worst first, those that did not occur left out. */
export function countCases(statuses: readonly string[]): string {
  const order = ["broken", "failed", "still_failing", "not_judged", "quarantined", "passed"];
  return order
    .map((status) => ({ status, of: statuses.filter((one) => one === status).length }))
    .filter(({ of }) => of > 0)
    .map(({ status, of }) => `${count(of)} ${status.replaceAll("_", " ")}`)
    .join(", ");
}
