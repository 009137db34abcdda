import { z } from "zod";
import type { BehaviorDiff } from "../behavior/next-candidate.ts";

const side = z.object({ runs: z.number(), of: z.number() });
const rule = z.object({
  id: z.string(),
  text: z.string(),
  helpful: z.number(),
  harmful: z.number(),
  expert: side,
  agent: side,
  adjusted_p_value: z.number(),
  contributors: z.number(),
  evidence_ids: z.array(z.string()),
});

const schema: z.ZodType<BehaviorDiff> = z.object({
  rules_added: z.array(rule),
  rules_updated: z.array(rule),
  rules_removed: z.array(
    z.object({ id: z.string(), text: z.string(), reason: z.enum(["no_longer_supported", "harmful"]) }),
  ),
  demonstrations_added: z.array(z.string()),
  demonstrations_removed: z.array(z.string()),
});

/** What a run changes, as its metrics keep it; undefined where it made no candidate. */
export function readDiff(metrics: unknown): BehaviorDiff | undefined {
  const { diff } = (metrics ?? {}) as { diff?: unknown };
  return schema.safeParse(diff).data;
}

/** Ids of the examples and executions that a diff rests on. */
export function evidenceOf(diff: BehaviorDiff): string[] {
  const rules = [...diff.rules_added, ...diff.rules_updated];
  return [...new Set([...rules.flatMap(({ evidence_ids: ids }) => ids), ...diff.demonstrations_added])];
}
