"use client";
import type { IndexDocument, IndexedDocuments } from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import { path } from "../../client/path.ts";
import { type LearningWrite, useWrite, type WithDefaults } from "./define-hook.ts";

/** Takes documents in, or what has become of them, up to 100 at a time, all or none. Done when searches find them. */
export function useIndexDocuments(): LearningWrite<
  { agentId: string; documents: WithDefaults<CamelCased<IndexDocument>, "title" | "metadata">[] },
  CamelCased<IndexedDocuments>
> {
  return useWrite(
    (client, { agentId, ...body }) =>
      client.request<IndexedDocuments>("POST", path`/agents/${agentId}/documents`, { body }),
    ["documents"],
  );
}

/** Takes a document out. */
export function useDeleteDocument(): LearningWrite<{ agentId: string; documentId: string }, void> {
  return useWrite(
    async (client, { agentId, documentId }) => {
      await client.request("DELETE", path`/agents/${agentId}/documents/${documentId}`);
    },
    ["documents"],
  );
}
