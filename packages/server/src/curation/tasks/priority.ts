import type { ExampleType } from "@agent-learning/contract";

/**
 * What comes first in the annotation queue: what tells most about a wrong answer. Different for each type, so that a queue
 * of one type is a stretch of the whole queue's index.
 */
const PRIORITY: Readonly<Record<ExampleType, number>> = {
  correction: 70,
  demonstration: 60,
  negative: 50,
  preference: 40,
  edge_case: 30,
  failure: 20,
  positive: 10,
};

/** Stretches of the queue, in their order: disagreements, further slots of what was begun, fresh examples. */
export const STAGES = ["adjudication", "begun", "first"] as const;
export type Stage = (typeof STAGES)[number];

/** Ranks of a stretch, both ends included. */
export const STAGE_RANKS: Readonly<Record<Stage, { from: number; to: number }>> = {
  adjudication: { from: -1999, to: -1000 },
  begun: { from: -999, to: 0 },
  first: { from: 1, to: 1000 },
};

function stageOf(slot: number): Stage {
  if (slot === 0) return "adjudication";
  return slot === 1 ? "first" : "begun";
}

/** Where tasks of a priority stand in a stretch. */
export function rankIn(stage: Stage, priority: number): number {
  return STAGE_RANKS[stage].to - priority;
}

/** Where a task stands in the queue, as the column `queue_rank` says while it is in it. Smallest first. */
export function rankOf(task: { slot: number; priority: number }): number {
  return rankIn(stageOf(task.slot), task.priority);
}

/** 0 to 999; higher comes first. */
export function priorityOf(type: ExampleType): number {
  return PRIORITY[type];
}
