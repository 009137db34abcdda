import { databaseError } from "../../database/index.ts";

const ATTEMPTS = 5;
// Two transactions wrote the same thing at the same time (unique violation, serialization failure, deadlock): the one that
// lost finds the other's rows when it starts again.
const CONFLICTS = new Set(["23505", "40001", "40P01"]);

/** Runs a whole transaction, and again when it collided with another one. */
export async function retryConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= ATTEMPTS || !CONFLICTS.has(databaseError(error)?.code ?? "")) throw error;
    }
  }
}
