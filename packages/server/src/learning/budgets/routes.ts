import { learningBudget, page, pageQuery, runSpending, setLearningBudget } from "@agent-learning/contract";
import { defineRoute, type Route } from "../../http/index.ts";
import { listSpendingOfRuns, readBudget, setBudget } from "./budget.ts";

const tag = "Training";
const path = "/api/learning/budget";

/** What learning may spend on language models. */
export const budgetRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path,
    operationId: "getLearningBudget",
    summary: "Get what learning may spend on language models, and what it spent",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    responses: { 200: learningBudget },
    handler: async ({ ctx }) => ({ status: 200, body: await readBudget(ctx) }),
  }),
  defineRoute({
    method: "GET",
    path: `${path}/runs`,
    operationId: "listRunSpending",
    summary: "List what runs spent on language models in the budget's period, newest first",
    tag,
    access: { user: "viewer", machine: ["secret"] },
    query: pageQuery,
    responses: { 200: page(runSpending) },
    handler: async ({ ctx, query }) => ({ status: 200, body: await listSpendingOfRuns(ctx, query) }),
  }),
  defineRoute({
    method: "PUT",
    path,
    operationId: "setLearningBudget",
    summary: "Set what learning may spend on language models",
    description:
      "Calls, tokens and cost of the last `period_days` days, over all runs. A run that asks for more than is left is refused; one that is going on stops where the budget ends, and its agent stays as it was. null: no limit.",
    tag,
    access: { user: "admin", machine: [] },
    body: setLearningBudget,
    responses: { 200: learningBudget },
    handler: async ({ ctx, body }) => ({ status: 200, body: await setBudget({ ctx, input: body }) }),
  }),
];
