import type { Actor, Context, TenantContext } from "./context.ts";
import { withTenant } from "./database/index.ts";
import type { Services } from "./services.ts";

/** Makes the context of one request or job. */
export function createContext(services: Services, organizationId: string, actor: Actor): Context {
  const context: Context = {
    organizationId,
    actor,
    services,
    transact: async (work) => {
      const effects: (() => void)[] = [];
      const result = await withTenant(services.database.kysely, organizationId, (tx) => {
        const tenant: TenantContext = {
          ...context,
          tx,
          transact: (inner) => inner(tenant),
          afterCommit: (effect) => void effects.push(effect),
        };
        return work(tenant);
      });
      for (const effect of effects) effect();
      return result;
    },
  };
  return context;
}

/** The context of a worker's own work in one organization. */
export function systemContext(services: Services, organizationId: string, worker: string): Context {
  return createContext(services, organizationId, { kind: "system", worker });
}
