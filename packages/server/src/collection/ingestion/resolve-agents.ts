import type { TenantContext } from "../../context.ts";
import { type ProblemError, unprocessable } from "../../http/problem-error.ts";
import { perServices } from "../../per-services.ts";
import { readAgentIds } from "./store.ts";

const CACHE_SIZE = 10_000;

// An agent keeps its id and its slug for ever, so that what was found stays true.
const knownAgents = perServices(() => new Map<string, string>());

/** The ids behind references to agents by UUID or slug. Those that are not there are missing from the map. */
export async function resolveAgents(
  ctx: TenantContext,
  references: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const cache = knownAgents(ctx.services);
  const found = new Map<string, string>();
  const missing = new Set<string>();
  for (const reference of references) {
    const id = cache.get(`${ctx.organizationId} ${reference.toLowerCase()}`);
    if (id === undefined) missing.add(reference.toLowerCase());
    else found.set(reference, id);
  }
  if (missing.size === 0) return found;
  const read = await readAgentIds(ctx, [...missing]);
  for (const reference of references) {
    const id = read.get(reference.toLowerCase());
    if (id === undefined) continue;
    found.set(reference, id);
    cache.set(`${ctx.organizationId} ${reference.toLowerCase()}`, id);
  }
  while (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value ?? "");
  return found;
}

/** 422 for a body that names an agent that is not there. */
export function unknownAgent(reference: string, path: string): ProblemError {
  return unprocessable(
    `${path}.agent_id`,
    "no such agent",
    `There is no agent ${JSON.stringify(reference)} in this organization. Create it first, or correct ${path}.agent_id.`,
  );
}
