import { isUuid } from "@agent-learning/contract";
import type { JobData } from "./job-queue.ts";

/** What a job carries cannot be used; trying again would not help. */
export class InvalidJobDataError extends Error {
  override name = "InvalidJobDataError";
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}

/**
 * Checks that a job's payload names its organization and holds scalars only.
 * @throws InvalidJobDataError
 */
export function parseJobData(payload: unknown): JobData {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    throw new InvalidJobDataError("a job's data must be an object");
  }
  const data = payload as Record<string, unknown>;
  if (typeof data.organizationId !== "string" || !isUuid(data.organizationId)) {
    throw new InvalidJobDataError("a job's data must carry organizationId, a UUID");
  }
  const wrong = Object.keys(data).find((key) => !isScalar(data[key]));
  if (wrong !== undefined) {
    throw new InvalidJobDataError(`a job's data holds ids and numbers: ${wrong} is neither`);
  }
  return data as JobData;
}
