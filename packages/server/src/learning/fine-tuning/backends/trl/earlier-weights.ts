import { copyFile, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { TrainingArtifact, TrainingArtifactKind } from "@agent-learning/contract";
import type { Context } from "../../../../context.ts";
import { readRun } from "../../../training-runs/store.ts";
import { adapterOf } from "../../adapter.ts";
import { verifyFile } from "../../artifacts/artifact-files.ts";
import { readArtifacts } from "../../store.ts";
import type { TrainingPlan } from "../backend.ts";

/** Weights of earlier runs that a run builds on, and what is wrong with them. */
export interface EarlierWeights {
  problems: string[];
  /** Copies them into a run's folder, verified. */
  layOut(work: string): Promise<{ baseAdapter?: string; rewardModel?: string }>;
}

const APPROVED: readonly (string | null)[] = ["approved", "staging", "promoted", "rolled_back"];

interface Part {
  folder: "base_adapter" | "reward_model";
  files: TrainingArtifact[];
}

/** The adapter of the version that the run starts from, and the reward model that it is trained against. */
export async function earlierWeights(ctx: Context, plan: TrainingPlan): Promise<EarlierWeights> {
  const problems: string[] = [];
  const parts: Part[] = [];
  const take = async (runId: string, kind: TrainingArtifactKind, folder: Part["folder"]): Promise<void> => {
    const { run, files } = await ctx.transact(async (tenant) => ({
      run: await readRun(tenant, runId),
      files: (await readArtifacts(tenant, runId)).filter((file) => file.kind === kind),
    }));
    if (run === undefined || run.agent_id !== plan.agentId || files.length === 0)
      problems.push(`The run ${runId} is not one of this agent that made ${kind}.`);
    else if (folder === "reward_model" && !APPROVED.includes(run.phase))
      problems.push(`The reward model of the run ${runId} is not approved: let a reviewer look at it first.`);
    else parts.push({ folder, files });
  };
  const adapter = adapterOf(plan.base.config);
  // The encoder of an embedder is trained from the base model.
  if (adapter?.format === "gguf-lora" && plan.settings.method !== "embedding")
    await take(adapter.training_run_id, "adapter_safetensors", "base_adapter");
  const { reward_run_id: rewardRun, method } = plan.settings;
  if (method === "grpo" && rewardRun !== undefined) await take(rewardRun, "reward_model", "reward_model");
  return {
    problems,
    layOut: async (work) => {
      const laid: { baseAdapter?: string; rewardModel?: string } = {};
      for (const { folder, files } of parts) {
        const place = join(work, folder);
        await mkdir(place, { recursive: true });
        for (const file of files) {
          const stored = await verifyFile(ctx.services.config, ctx.organizationId, file);
          const copy = join(place, basename(file.name));
          await copyFile(stored, copy);
          if (folder === "reward_model") laid.rewardModel = copy;
        }
        if (folder === "base_adapter") laid.baseAdapter = place;
      }
      return laid;
    },
  };
}
