import type { TrainingType } from "@agent-learning/contract";
import { promptTrainer } from "./prompt/prompt-trainer.ts";
import type { Trainer } from "./trainer.ts";

/** The ways of learning that this server has, by training type. */
export const trainers: ReadonlyMap<TrainingType, Trainer> = new Map([
  [promptTrainer.trainingType, promptTrainer],
]);
