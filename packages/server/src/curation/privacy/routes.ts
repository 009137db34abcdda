import { externalId } from "@agent-learning/contract";
import { Readable } from "node:stream";
import { z } from "zod";
import { defineFreeRoute, defineRoute, type Route } from "../../http/index.ts";
import { erasePerson } from "./erase-person.ts";
import { exportPerson } from "./export-person.ts";
import { findPerson } from "./find-person.ts";

const params = z.object({
  personId: externalId.meta({ description: "The caller's own id of the person, or their UUID" }),
});

/** A person's rights: to have everything about them, and to have it gone. */
export const privacyRoutes: readonly Route[] = [
  defineFreeRoute({
    method: "GET",
    path: "/api/learning/persons/:personId/export",
    operationId: "exportPerson",
    summary: "Everything stored about a person, as JSON lines",
    tag: "Privacy",
    access: { user: "admin", machine: [] },
    params,
    responses: { 200: "application/x-ndjson" },
    handler: async ({ ctx, params: { personId } }) => {
      await ctx.transact((tenant) => findPerson(tenant, personId));
      return { status: 200, body: Readable.from(exportPerson(ctx, personId)) };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/learning/persons/:personId",
    operationId: "erasePerson",
    summary: "Erase a person: what they wrote and every way to recognise them",
    description:
      "What they said counts no more: feedback leaves statistics and experiments' sums as if withdrawn, their annotations are gone and reviews are told anew from what others said. What the agent did for them still counts.",
    tag: "Privacy",
    access: { user: "admin", machine: [] },
    params,
    responses: { 200: z.object({ user_id: z.string(), erased: z.record(z.string(), z.number().int()) }) },
    handler: async ({ ctx, params: { personId } }) => ({
      status: 200,
      body: await erasePerson({ ctx, input: { userId: personId } }),
    }),
  }),
];
