import type { ToolCall, Trace } from "@agent-learning/learning";
import { z } from "zod";
import type { AgentRunRow, DemonstrationRow } from "./store.ts";

/** Calls of one run at most; a longer run is cut. */
const LONGEST_RUN = 40;

const call = z.object({
  tool: z.string().trim().min(1).max(100),
  failed: z.boolean().optional().catch(undefined),
  duration_ms: z.number().min(0).optional().catch(undefined),
});

/** The tool calls in a list of steps, in order. Steps without a tool, and what is no list, say nothing of tools and are left out. */
export function toolCallsOf(steps: unknown): ToolCall[] {
  if (!Array.isArray(steps)) return [];
  return steps
    .flatMap((step): ToolCall[] => {
      const parsed = call.safeParse(step);
      if (!parsed.success) return [];
      const { tool, failed, duration_ms: milliseconds } = parsed.data;
      return [{ tool, failed, milliseconds }];
    })
    .slice(0, LONGEST_RUN);
}

export function expertTrace({ id, contributor, calls }: DemonstrationRow): Trace {
  return { id, source: "expert", contributor, calls: toolCallsOf(calls) };
}

/** @param minimumRating the rating, 1 to 5, from which people count as content; from 2 down they do not */
export function agentTrace(
  { id, contributor, calls, satisfaction }: AgentRunRow,
  minimumRating: number,
): Trace {
  const rating = satisfaction === null ? undefined : 1 + 4 * satisfaction;
  const good = rating === undefined || (rating > 2 && rating < minimumRating) ? undefined : rating > 2;
  return { id, source: "agent", contributor, calls: toolCallsOf(calls), good };
}
