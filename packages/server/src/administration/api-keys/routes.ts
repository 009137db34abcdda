import {
  apiKey,
  createApiKey as createApiKeySchema,
  createdApiKey,
  page,
  pageQuery,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { writeAudit } from "../audit/write-audit.ts";
import {
  decodeCursor,
  defineFreeRoute,
  defineRoute,
  notFound,
  type Route,
  toPage,
} from "../../http/index.ts";
import { createApiKey } from "./create-api-key.ts";
import { readKeys, revokeKey } from "./store.ts";

/** Keys of users and machines. */
export const apiKeyRoutes: readonly Route[] = [
  // Not idempotent by key: the stored answer would hold the key that is shown once.
  defineFreeRoute({
    method: "POST",
    path: "/api/learning/api-keys",
    operationId: "createApiKey",
    summary: "Create a key; the answer shows it once",
    description: "An Idempotency-Key has no effect here: a stored answer would keep the key.",
    tag: "Administration",
    access: { user: "admin", machine: [] },
    body: createApiKeySchema,
    responses: { 201: createdApiKey },
    handler: async ({ ctx, body }) => ({
      status: 201,
      body: await ctx.transact((tenant) => createApiKey({ ctx: tenant, input: body })),
      headers: { "cache-control": "no-store" },
    }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/api-keys",
    operationId: "listApiKeys",
    summary: "List keys",
    tag: "Administration",
    access: { user: "admin", machine: [] },
    query: pageQuery,
    responses: { 200: page(apiKey) },
    handler: async ({ ctx, query }) => {
      const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor).id;
      const rows = await readKeys(ctx, query.limit + 1, before);
      const body = toPage(
        rows,
        query.limit,
        (row) => ({ time: new Date(row.created_at), id: row.id }),
        (row) => row,
      );
      return { status: 200, body };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/learning/api-keys/:keyId",
    operationId: "revokeApiKey",
    summary: "Revoke a key; other nodes notice within ten seconds",
    tag: "Administration",
    access: { user: "admin", machine: [] },
    params: z.object({ keyId: uuid }),
    responses: { 200: apiKey },
    handler: async ({ ctx, params: { keyId } }) => {
      const key = await revokeKey(ctx, keyId);
      if (key === undefined) throw notFound("key", keyId, "path.keyId");
      ctx.afterCommit(() => ctx.services.keys.forget());
      await writeAudit(ctx, { action: "api-key.revoked", entityType: "api_key", entityId: keyId });
      return { status: 200, body: key };
    },
  }),
];
