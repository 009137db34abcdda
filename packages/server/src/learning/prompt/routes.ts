import { optimizePrompt as optimizePromptSchema, trainingRun } from "@agent-learning/contract";
import { defineRoute, type Route } from "../../http/index.ts";
import { optimizePrompt } from "./optimize-prompt.ts";

/** The guide's way to start learning. */
export const promptRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/learning/optimize-prompt",
    operationId: "optimizePrompt",
    summary: "Optimise an agent's prompt",
    description:
      "Answers with the training run; follow it by its events. A candidate goes through the gate, then to staging and a draft experiment.",
    tag: "Training",
    access: { user: "reviewer", machine: ["secret"] },
    body: optimizePromptSchema,
    responses: { 202: trainingRun },
    handler: async ({ ctx, body }) => ({ status: 202, body: await optimizePrompt({ ctx, input: body }) }),
  }),
];
