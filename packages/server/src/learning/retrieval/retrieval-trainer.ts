import { conflict, unprocessable } from "../../http/index.ts";
import { chooseBaseVersion } from "../prompt/choose-base-version.ts";
import type { Trainer } from "../trainer.ts";
import { isRechunking } from "./chunking/passage-store.ts";
import { readRetrievalSettings, storedSettings } from "./retrieval-settings.ts";

/** Name of the job that carries retrieval learning out. */
export const RETRIEVAL_JOB = "learning-retrieval";

/** Retrieval learning: from what was retrieved and what people said of it to the order in which chunks are shown. */
export const retrievalTrainer: Trainer = {
  trainingType: "rag_training",
  jobName: RETRIEVAL_JOB,
  prepare: async ({ ctx, agent, config }) => {
    const parsed = readRetrievalSettings(config);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw unprocessable(
        ["body.config", ...(issue?.path ?? [])].join("."),
        issue?.message ?? "is not as expected",
      );
    }
    if (parsed.data.method === "chunking" && (await isRechunking(ctx, agent.id)))
      throw conflict("The agent's documents are being cut anew already: wait for that run, or stop it.");
    const base = await chooseBaseVersion(ctx, agent.id, undefined);
    return { config: storedSettings(parsed.data), baseVersionId: base.id, requiresReview: false };
  },
};
