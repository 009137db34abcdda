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

/** 0 to 999; higher comes first. */
export function priorityOf(type: ExampleType): number {
  return PRIORITY[type];
}
