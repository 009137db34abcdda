import {
  agentReference,
  documentId,
  documentSummary,
  indexDocuments as indexDocumentsSchema,
  indexedDocuments,
  type JsonValue,
  page,
  pageQuery,
} from "@agent-learning/contract";
import { z } from "zod";
import { findAgent } from "../../administration/agents/index.ts";
import { decodeCursor, defineRoute, type Route, toPage } from "../../http/index.ts";
import { deleteDocument, indexDocuments } from "./index-documents.ts";
import { readDocumentPage } from "./store.ts";

const tag = "Retrieval";
const path = "/api/learning/agents/:agentId/documents";
const params = z.object({ agentId: agentReference });
const BODY_LIMIT = 8 * 1024 * 1024;

/** Documents that the server finds chunks in, for agents without a store of their own. */
export const documentRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path,
    operationId: "indexDocuments",
    summary: "Take documents in, or what has become of them, up to 100 at a time, all or none",
    description: "What has not changed is not indexed again. Answers when searches find them.",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    params,
    body: indexDocumentsSchema,
    bodyLimit: BODY_LIMIT,
    responses: { 200: indexedDocuments },
    handler: async ({ ctx, params: { agentId }, body }) => ({
      status: 200,
      body: await indexDocuments({ ctx, input: { agent: agentId, documents: body.documents } }),
    }),
  }),
  defineRoute({
    method: "GET",
    path,
    operationId: "listDocuments",
    summary: "List an agent's documents, newest first",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    params,
    query: pageQuery,
    responses: { 200: page(documentSummary) },
    handler: async ({ ctx, params: { agentId }, query }) => {
      const agent = await findAgent(ctx, agentId, "path.agentId");
      const beforeId = query.cursor === undefined ? undefined : decodeCursor(query.cursor).id;
      const rows = await readDocumentPage(ctx, { agentId: agent.id, beforeId, limit: query.limit + 1 });
      const body = toPage(
        rows,
        query.limit,
        (row) => ({ time: row.created_at, id: row.id }),
        (row) => ({
          document_id: row.external_id,
          title: row.title,
          metadata: row.metadata as Record<string, JsonValue>,
          chunks: row.chunks,
          created_at: row.created_at.toISOString(),
          updated_at: row.updated_at.toISOString(),
        }),
      );
      return { status: 200, body };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: `${path}/:documentId`,
    operationId: "deleteDocument",
    summary: "Take a document out",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    params: params.extend({ documentId }),
    responses: { 204: null },
    handler: async ({ ctx, params: { agentId, documentId: id } }) => {
      await deleteDocument({ ctx, input: { agent: agentId, documentId: id } });
      return { status: 204 };
    },
  }),
];
