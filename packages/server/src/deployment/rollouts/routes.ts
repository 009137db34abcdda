import {
  agentReference,
  createRollout as createRolloutSchema,
  moveRollout,
  page,
  pageQuery,
  promoteRollout as promoteRolloutSchema,
  rollout,
  ROLLOUT_ARMS,
  ROLLOUT_STATUSES,
  rolloutDetails,
  rolloutEvent,
  rolloutEvidence,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { findAgent } from "../../administration/agents/find-agent.ts";
import {
  type Answer,
  decodeCursor,
  defineRoute,
  entityTag,
  readIfMatch,
  requireIfMatch,
  type Route,
  toPage,
} from "../../http/index.ts";
import { controlRollout } from "./control-rollout.ts";
import { createRollout } from "./create-rollout.ts";
import { getRollout } from "./get-rollout.ts";
import { listEvidence } from "./list-evidence.ts";
import { presentRollout } from "./present-rollout.ts";
import { promoteRollout } from "./promote-rollout.ts";
import { startRollout } from "./start-rollout.ts";
import { type RolloutRow, selectRollouts } from "./store.ts";

const base = "/api/learning/rollouts";
const tag = "Rollouts";
const one = z.object({ rolloutId: uuid });
const read = { user: "viewer", machine: ["secret"] } as const;

const answer = (row: RolloutRow): Answer => ({
  status: 200,
  body: presentRollout(row),
  headers: { etag: entityTag(row.version) },
});

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
    handler: async ({ ctx, params, body, headers }) => {
      const expectedVersion = readIfMatch(headers["if-match"]);
      const input = { id: params.rolloutId, command: name, reason: body.reason, expectedVersion };
      return answer(await controlRollout({ ctx, input }));
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
      const created = await getRollout({ ctx, input: { id } });
      return { status: 201, body: created, headers: { etag: entityTag(created.version) } };
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
    handler: async ({ ctx, params }) => {
      const body = await getRollout({ ctx, input: { id: params.rolloutId } });
      return { status: 200, body, headers: { etag: entityTag(body.version) } };
    },
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
    method: "GET",
    path: `${base}/:rolloutId/evidence`,
    operationId: "listRolloutEvidence",
    summary: "The executions, votes and outcomes behind a guardrail, those against the version first",
    tag,
    access: read,
    params: one,
    query: pageQuery.extend({
      guardrail: z.string().min(1).max(64),
      arm: z.enum(ROLLOUT_ARMS).default("candidate"),
    }),
    responses: { 200: page(rolloutEvidence) },
    handler: async ({ ctx, params, query }) => ({
      status: 200,
      body: await listEvidence({ ctx, input: { id: params.rolloutId, ...query } }),
    }),
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
    handler: async ({ ctx, params, body, headers }) => {
      const expectedVersion = readIfMatch(headers["if-match"]);
      return answer(
        await startRollout({ ctx, input: { id: params.rolloutId, reason: body.reason, expectedVersion } }),
      );
    },
  }),
  defineRoute({
    method: "POST",
    path: `${base}/:rolloutId/promote`,
    operationId: "promoteRollout",
    summary: "Go ahead to a later stage without waiting",
    description:
      "By a reviewer other than who made the version or the rollout, with a reason. Needs If-Match with the rollout's ETag: two people who promote at once skip one stage. 409 when a guardrail is broken, 422 naming each human review that is missing.",
    tag,
    access: { user: "reviewer", machine: [] },
    params: one,
    body: promoteRolloutSchema,
    responses: { 200: rollout },
    handler: async ({ ctx, params, body, headers }) => {
      const expectedVersion = requireIfMatch(headers["if-match"]);
      return answer(
        await promoteRollout({ ctx, input: { id: params.rolloutId, expectedVersion, promote: body } }),
      );
    },
  }),
  command("pause", "Keep the share as it is; nothing moves the rollout until it is resumed"),
  command("resume", "Go on with a paused rollout"),
  command("abort", "Put everybody back on the baseline, for good"),
];
