import {
  agentReference,
  createRollout as createRolloutSchema,
  moveRollout,
  page,
  pageQuery,
  rollout,
  ROLLOUT_STATUSES,
  rolloutDetails,
  rolloutEvent,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { findAgent } from "../../administration/agents/find-agent.ts";
import { decodeCursor, defineRoute, type Route, toPage } from "../../http/index.ts";
import { controlRollout } from "./control-rollout.ts";
import { createRollout } from "./create-rollout.ts";
import { getRollout } from "./get-rollout.ts";
import { presentRollout } from "./present-rollout.ts";
import { startRollout } from "./start-rollout.ts";
import { selectRollouts } from "./store.ts";

const base = "/api/learning/rollouts";
const tag = "Rollouts";
const one = z.object({ rolloutId: uuid });
const read = { user: "viewer", machine: ["secret"] } as const;

const command = (name: "pause" | "resume" | "abort", summary: string): Route =>
  defineRoute({
    method: "POST",
    path: `${base}/:rolloutId/${name}`,
    operationId: `${name}Rollout`,
    summary,
    tag,
    access: { user: "reviewer", machine: [] },
    params: one,
    body: moveRollout,
    responses: { 200: rollout },
    handler: async ({ ctx, params, body }) => {
      const row = await controlRollout({
        ctx,
        input: { id: params.rolloutId, command: name, reason: body.reason },
      });
      return { status: 200, body: presentRollout(row) };
    },
  });

/** Gradual releases that watch themselves. */
export const rolloutRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: base,
    operationId: "createRollout",
    summary: "Prepare the release of a version",
    description: "It waits to be started; `requirements` lists the human reviews that it needs before.",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    body: createRolloutSchema,
    responses: { 201: rolloutDetails },
    handler: async ({ ctx, body }) => {
      const { id } = await createRollout({ ctx, input: body });
      return { status: 201, body: await getRollout({ ctx, input: { id } }) };
    },
  }),
  defineRoute({
    method: "GET",
    path: base,
    operationId: "listRollouts",
    summary: "List rollouts, newest first",
    tag,
    access: read,
    query: pageQuery.extend({
      agent_id: agentReference.optional(),
      status: z.enum(ROLLOUT_STATUSES).optional(),
    }),
    responses: { 200: page(rollout) },
    handler: async ({ ctx, query }) => {
      const agent =
        query.agent_id === undefined ? undefined : await findAgent(ctx, query.agent_id, "query.agent_id");
      const rows = await selectRollouts(ctx, {
        limit: query.limit + 1,
        agentId: agent?.id,
        status: query.status,
        beforeId: query.cursor === undefined ? undefined : decodeCursor(query.cursor).id,
      });
      const body = toPage(rows, query.limit, (row) => ({ time: row.created_at, id: row.id }), presentRollout);
      return { status: 200, body };
    },
  }),
  defineRoute({
    method: "GET",
    path: `${base}/:rolloutId`,
    operationId: "getRollout",
    summary: "A rollout with its history and why it stands where it stands",
    tag,
    access: read,
    params: one,
    responses: { 200: rolloutDetails },
    handler: async ({ ctx, params }) => ({
      status: 200,
      body: await getRollout({ ctx, input: { id: params.rolloutId } }),
    }),
  }),
  defineRoute({
    method: "GET",
    path: `${base}/:rolloutId/events`,
    operationId: "listRolloutEvents",
    summary: "Every transition of a rollout, with its evidence",
    tag,
    access: read,
    params: one,
    responses: { 200: z.object({ data: z.array(rolloutEvent) }) },
    handler: async ({ ctx, params }) => {
      const { history } = await getRollout({ ctx, input: { id: params.rolloutId } });
      return { status: 200, body: { data: history } };
    },
  }),
  defineRoute({
    method: "POST",
    path: `${base}/:rolloutId/start`,
    operationId: "startRollout",
    summary: "Begin the first stage",
    description: "422 names each human review that is missing.",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    params: one,
    body: moveRollout,
    responses: { 200: rollout },
    handler: async ({ ctx, params, body }) => {
      const row = await startRollout({ ctx, input: { id: params.rolloutId, reason: body.reason } });
      return { status: 200, body: presentRollout(row) };
    },
  }),
  command("pause", "Keep the share as it is; nothing moves the rollout until it is resumed"),
  command("resume", "Go on with a paused rollout"),
  command("abort", "Put everybody back on the baseline, for good"),
];
