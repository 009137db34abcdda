import {
  agentReference,
  agentVersion,
  agentVersionDifference,
  agentVersionSummary,
  createAgentVersion,
  page,
  pageQuery,
  reviewAgentVersion,
  uuid,
} from "@agent-learning/contract";
import { z } from "zod";
import { findAgent } from "../../administration/agents/find-agent.ts";
import { readServingPointer } from "../../administration/serving/index.ts";
import {
  createVersion,
  findVersion,
  presentVersion,
  presentVersionSummary,
  requireVersion,
  selectVersions,
} from "../../administration/versions/index.ts";
import { decodeCursor, defineRoute, type Route, toPage } from "../../http/index.ts";
import { unprocessable } from "../../http/problem-error.ts";
import { diffVersions } from "./diff-versions.ts";
import { reviewVersion } from "./review-version.ts";

const collection = z.object({ agentId: agentReference });
const one = z.object({ agentId: agentReference, versionId: uuid });
const path = "/api/learning/agents/:agentId/versions";
const tag = "Versions";
const read = { user: "viewer", machine: ["secret"] } as const;
// A version carries its demonstrations.
const BODY_LIMIT = 16 * 1024 * 1024;

/** Agent versions: immutable, content-hashed, reviewed by people. */
export const versionRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path,
    operationId: "createAgentVersion",
    summary: "Store a version",
    description:
      "201 for a new version; 200 with the existing one when the agent has a version of equal config.",
    tag,
    access: { user: "reviewer", machine: ["secret"] },
    params: collection,
    body: createAgentVersion,
    bodyLimit: BODY_LIMIT,
    responses: { 200: agentVersion, 201: agentVersion },
    handler: async ({ ctx, params, body }) => {
      const agent = await findAgent(ctx, params.agentId, "path.agentId");
      const serving = await readServingPointer(ctx, agent.id, "production");
      const { version, created } = await createVersion({
        ctx,
        input: {
          agentId: agent.id,
          config: body.config,
          origin: body.origin,
          parentVersionId: body.parent_version_id ?? serving?.version_id ?? null,
          changeSummary: body.change_summary,
        },
      });
      return { status: created ? 201 : 200, body: presentVersion(version) };
    },
  }),
  defineRoute({
    method: "GET",
    path,
    operationId: "listAgentVersions",
    summary: "List versions, newest first",
    tag,
    access: read,
    params: collection,
    query: pageQuery,
    responses: { 200: page(agentVersionSummary) },
    handler: async ({ ctx, params, query }) => {
      const agent = await findAgent(ctx, params.agentId, "path.agentId");
      const beforeId = query.cursor === undefined ? undefined : decodeCursor(query.cursor).id;
      const rows = await selectVersions(ctx, agent.id, { limit: query.limit + 1, beforeId });
      const body = toPage(
        rows,
        query.limit,
        (row) => ({ time: row.created_at, id: row.id }),
        presentVersionSummary,
      );
      return { status: 200, body };
    },
  }),
  defineRoute({
    method: "GET",
    path: `${path}/:versionId`,
    operationId: "getAgentVersion",
    summary: "Get a version with its config",
    tag,
    access: read,
    params: one,
    responses: { 200: agentVersion },
    handler: async ({ ctx, params }) => {
      const agent = await findAgent(ctx, params.agentId, "path.agentId");
      return {
        status: 200,
        body: presentVersion(await findVersion(ctx, agent.id, params.versionId, "path.versionId")),
      };
    },
  }),
  defineRoute({
    method: "GET",
    path: `${path}/:versionId/diff`,
    operationId: "diffAgentVersions",
    summary: "What distinguishes a version from another, its parent unless named",
    tag,
    access: read,
    params: one,
    query: z.object({ against: uuid.optional() }),
    responses: { 200: agentVersionDifference },
    handler: async ({ ctx, params, query }) => {
      const agent = await findAgent(ctx, params.agentId, "path.agentId");
      const to = await findVersion(ctx, agent.id, params.versionId, "path.versionId");
      const against = query.against ?? to.parent_version_id;
      if (against === null) throw unprocessable("query.against", "is needed: this version has no parent");
      const from = await requireVersion(ctx, agent.id, against, "query.against");
      return { status: 200, body: diffVersions(from, to) };
    },
  }),
  defineRoute({
    method: "POST",
    path: `${path}/:versionId/review`,
    operationId: "reviewAgentVersion",
    summary: "Approve or reject a version",
    tag,
    access: { user: "reviewer", machine: [] },
    params: one,
    body: reviewAgentVersion,
    responses: { 200: agentVersionSummary },
    handler: async ({ ctx, params, body }) => {
      const input = { agent: params.agentId, versionId: params.versionId, review: body };
      return { status: 200, body: presentVersionSummary(await reviewVersion({ ctx, input })) };
    },
  }),
];
