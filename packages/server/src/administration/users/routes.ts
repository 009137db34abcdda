import {
  addMember as addMemberSchema,
  member,
  page,
  pageQuery,
  updateMember as updateMemberSchema,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { decodeCursor, defineRoute, type Route, toPage } from "../../http/index.ts";
import { addMember } from "./add-member.ts";
import { readMembers } from "./store.ts";
import { updateMember } from "./update-member.ts";

/** Members and their roles. */
export const memberRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/learning/members",
    operationId: "addMember",
    summary: "Add a member",
    tag: "Administration",
    access: { user: "admin", machine: [] },
    body: addMemberSchema,
    responses: { 201: member },
    handler: async ({ ctx, body }) => ({ status: 201, body: await addMember({ ctx, input: body }) }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/learning/members",
    operationId: "listMembers",
    summary: "List members",
    tag: "Administration",
    access: { user: "viewer", machine: [] },
    query: pageQuery,
    responses: { 200: page(member) },
    handler: async ({ ctx, query }) => {
      const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor).id;
      const rows = await readMembers(ctx, query.limit + 1, after);
      const body = toPage(
        rows,
        query.limit,
        (row) => ({ time: new Date(row.created_at), id: row.user_id }),
        (row) => row,
      );
      return { status: 200, body };
    },
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/learning/members/:userId",
    operationId: "updateMember",
    summary: "Change a member's role, revoke or restore the membership",
    tag: "Administration",
    access: { user: "admin", machine: [] },
    params: z.object({ userId: uuid }),
    body: updateMemberSchema,
    responses: { 200: member },
    handler: async ({ ctx, params, body }) => ({
      status: 200,
      body: await updateMember({ ctx, input: { userId: params.userId, change: body } }),
    }),
  }),
];
