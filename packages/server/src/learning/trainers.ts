import { TRAINING_TYPES, type TrainingType } from "@agent-learning/contract";
import { behaviorTrainer } from "./behavior/behavior-trainer.ts";
import { fineTuningTrainer } from "./fine-tuning/fine-tuning-trainer.ts";
import { METHODS_OF } from "./fine-tuning/settings.ts";
import { promptTrainer } from "./prompt/prompt-trainer.ts";
import { retrievalTrainer } from "./retrieval/retrieval-trainer.ts";
import type { Trainer } from "./trainer.ts";

/** The ways of learning that this server has, by training type. */
export const trainers: ReadonlyMap<TrainingType, Trainer> = new Map<TrainingType, Trainer>([
  [promptTrainer.trainingType, promptTrainer],
  [retrievalTrainer.trainingType, retrievalTrainer],
  [behaviorTrainer.trainingType, behaviorTrainer],
  ...TRAINING_TYPES.filter((type) => METHODS_OF[type] !== undefined).map(
    (type) => [type, fineTuningTrainer(type)] as const,
  ),
]);
