import type { TrainingType } from "@agent-learning/contract";
import { behaviorTrainer } from "./behavior/behavior-trainer.ts";
import { promptTrainer } from "./prompt/prompt-trainer.ts";
import { retrievalTrainer } from "./retrieval/retrieval-trainer.ts";
import type { Trainer } from "./trainer.ts";

/** The ways of learning that this server has, by training type. */
export const trainers: ReadonlyMap<TrainingType, Trainer> = new Map([
  [promptTrainer.trainingType, promptTrainer],
  [retrievalTrainer.trainingType, retrievalTrainer],
  [behaviorTrainer.trainingType, behaviorTrainer],
]);
