import { readFile } from "node:fs/promises";
import { type AgentVersionConfig, agentVersionConfig } from "@agent-learning/contract";
import { CheckUsageError } from "./check-errors.ts";

/** Reads a file, or says which one cannot be read. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new CheckUsageError(`${path} cannot be read (${(error as Error).message}).`);
  }
}

export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CheckUsageError(`${path} is not JSON: ${(error as Error).message}.`);
  }
}

/** The first thing wrong with a value, as a path and a sentence. */
export function firstIssue(error: {
  issues: readonly { path: readonly PropertyKey[]; message: string }[];
}): string {
  const [issue] = error.issues;
  const path = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.map(String).join(".")}: `;
  return `${path}${issue?.message ?? "is not as expected"}`;
}

/** A version's config from a file: the config itself, or an object with a `config`, as the API shows a version. */
export async function readCandidateFile(path: string): Promise<AgentVersionConfig> {
  const value = await readJson(path);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new CheckUsageError(`${path} must hold a JSON object: the config of a version.`);
  const parsed = agentVersionConfig.safeParse("config" in value ? value.config : value);
  if (!parsed.success)
    throw new CheckUsageError(`${path} is not a version's config: ${firstIssue(parsed.error)}.`);
  return parsed.data;
}
