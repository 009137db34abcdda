import { runApproval, uuid } from "@agent-learning/contract";
import { z } from "zod";
import { defineRoute, type Route } from "../../http/index.ts";
import { readApproval } from "./read-approval.ts";

export const approvalRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/learning/training-runs/by-id/:runId/approval",
    operationId: "getRunApproval",
    summary: "What a reviewer decides on: the difference, its evidence, and whose it is",
    description:
      "Of a run of behaviour learning. The decision itself is `POST /training-runs/by-id/:runId/review`, which decides on the candidate too. Nobody decides who started the run or whose evidence is in the candidate.",
    tag: "Training",
    access: { user: "viewer", machine: ["secret"] },
    params: z.object({ runId: uuid }),
    responses: { 200: runApproval },
    handler: async ({ ctx, params }) => ({ status: 200, body: await readApproval({ ctx, input: params }) }),
  }),
];
