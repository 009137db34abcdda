import type { TenantContext } from "../../context.ts";

const waiting = new Map<string, Set<() => void>>();

const keyOf = (organizationId: string, agentId: string): string => `${organizationId}:${agentId}`;

/** Wakes this process's long polls for the agent. Other nodes find out by looking. */
export function announceServingChange(ctx: Pick<TenantContext, "organizationId">, agentId: string): void {
  for (const wake of waiting.get(keyOf(ctx.organizationId, agentId)) ?? []) wake();
}

/** Resolves when this process changed what the agent is served, when `signal` aborts, or after `milliseconds`. */
export function servingChange(
  { organizationId, agentId }: { organizationId: string; agentId: string },
  { milliseconds, signal }: { milliseconds: number; signal: AbortSignal },
): Promise<void> {
  const key = keyOf(organizationId, agentId);
  return new Promise((resolve) => {
    const waiters = waiting.get(key) ?? new Set();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      waiters.delete(done);
      if (waiters.size === 0) waiting.delete(key);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    waiting.set(key, waiters.add(done));
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
