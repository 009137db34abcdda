"use client";
import type { TrainingRun } from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import { path } from "../../client/path.ts";
import { type LearningWrite, useWrite } from "./define-hook.ts";

/** Starts a drafted run of fine-tuning. */
export function useStartTrainingRun(): LearningWrite<{ runId: string }, CamelCased<TrainingRun>> {
  return useWrite(
    (client, { runId }) => client.request<TrainingRun>("POST", path`/training-runs/by-id/${runId}/start`),
    ["training-runs", "stats"],
  );
}

/** The trainer writes a checkpoint and waits; the run is paused when it says so. */
export function usePauseTrainingRun(): LearningWrite<{ runId: string }, CamelCased<TrainingRun>> {
  return useWrite(
    (client, { runId }) => client.request<TrainingRun>("POST", path`/training-runs/by-id/${runId}/pause`),
    ["training-runs"],
  );
}

export function useResumeTrainingRun(): LearningWrite<{ runId: string }, CamelCased<TrainingRun>> {
  return useWrite(
    (client, { runId }) => client.request<TrainingRun>("POST", path`/training-runs/by-id/${runId}/resume`),
    ["training-runs"],
  );
}
