import type { Context } from "../../context.ts";
import type { CandidateVetter, Vetting } from "../candidate-observer.ts";
import type { RunHandle } from "./carry-out-run.ts";
import { reportProgress } from "./report-progress.ts";

/** Holds a run's candidate to the release gate as a step of the run, between two percentages of it. */
export async function vetForRun(
  ctx: Context,
  handle: RunHandle,
  range: readonly [number, number],
  candidate: Omit<Parameters<CandidateVetter>[1], "trainingRunId" | "onProgress">,
): Promise<Vetting | undefined> {
  const step = reportProgress(handle, { range, what: "Release gate", signal: candidate.signal });
  const vetting = await ctx.services.vetCandidate(ctx, {
    ...candidate,
    trainingRunId: handle.row.id,
    signal: step.signal,
    onProgress: (share) => step.report(share),
  });
  await step.end();
  return vetting;
}
