import { learningExampleDetail, uuid } from "@agent-learning/contract";
import { z } from "zod";
import { defineRoute, entityTag, type Route } from "../../http/index.ts";
import { getExample } from "./get-example.ts";

/** Where examples come from and what they go into. */
export const lineageRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/learning/examples/:exampleId",
    operationId: "getExample",
    summary: "Get an example with its lineage",
    description:
      "The feedback and execution it came from, its annotations, and the datasets and versions that hold it.",
    tag: "Examples",
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ exampleId: uuid }),
    responses: { 200: learningExampleDetail },
    handler: async ({ ctx, params }) => {
      const example = await getExample({ ctx, input: params });
      return { status: 200, body: example, headers: { etag: entityTag(example.version) } };
    },
  }),
];
