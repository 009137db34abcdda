/**
 * Which arm a unit was given first in a split whose shares move. What agents on several machines share it with, such as a cookie or a
 * cache, must answer at once; what it throws counts as not knowing.
 */
export interface AssignmentMemory {
  get(splitId: string, unit: string): string | undefined;
  set(splitId: string, unit: string, arm: string): void;
}

/** Units at most; beyond it the first ones are forgotten. */
const MAXIMUM_UNITS = 100_000;

/** In the memory of this process. */
export function createAssignmentMemory(maximumUnits: number = MAXIMUM_UNITS): AssignmentMemory {
  const arms = new Map<string, string>();
  return {
    get: (splitId, unit) => arms.get(splitId + unit),
    set: (splitId, unit, arm) => {
      arms.set(splitId + unit, arm);
      // A Map goes through its keys in the order in which they came.
      const [oldest = ""] = arms.size > maximumUnits ? arms.keys() : [];
      arms.delete(oldest);
    },
  };
}

/** The memory, with nothing thrown. */
export function guardMemory(memory: AssignmentMemory): AssignmentMemory {
  const guard = <T>(use: () => T): T | undefined => {
    try {
      return use();
    } catch {
      return undefined;
    }
  };
  return {
    get: (splitId, unit) => guard(() => memory.get(splitId, unit)),
    set: (splitId, unit, arm) => guard(() => memory.set(splitId, unit, arm)),
  };
}
