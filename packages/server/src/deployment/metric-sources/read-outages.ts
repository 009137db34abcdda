import type { TenantContext } from "../../context.ts";
import { outageOf } from "./outage.ts";
import { selectSources } from "./store.ts";

/** What is wrong with the sources of an agent's metrics, by metric; sources that are well, or never reported, are left out. */
export async function readOutages(
  ctx: TenantContext,
  agentId: string,
  now: Date,
): Promise<Map<string, string>> {
  const sources = await selectSources(ctx, agentId);
  return new Map(
    sources.flatMap((source): [string, string][] => {
      const outage = outageOf(source, now);
      return outage === null ? [] : [[source.metric, outage]];
    }),
  );
}
