import type { LearningExample, LearningExampleQuery } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { decodeCursor, toPage } from "../../http/index.ts";
import { presentExample } from "./present-example.ts";
import { readExamples } from "./store.ts";

/** Examples, newest first. */
export async function listExamples({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: LearningExampleQuery;
}): Promise<{ data: LearningExample[]; next_cursor: string | null }> {
  const agent =
    input.agent_id === undefined ? undefined : await findAgent(ctx, input.agent_id, "query.agent_id");
  const rows = await readExamples(ctx, {
    ...input,
    agentId: agent?.id,
    beforeId: input.cursor === undefined ? undefined : decodeCursor(input.cursor).id,
    limit: input.limit + 1,
  });
  const cursorOf = (row: (typeof rows)[number]): { time: Date; id: string } => ({
    time: row.created_at ?? new Date(0),
    id: row.id,
  });
  return toPage(rows, input.limit, cursorOf, presentExample);
}
