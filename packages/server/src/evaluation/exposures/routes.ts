import {
  exposureReceipt,
  outcomeReceipt,
  reportExposures as reportExposuresSchema,
  reportOutcomes as reportOutcomesSchema,
} from "@agent-learning/contract";
import { defineRoute, type Route } from "../../http/index.ts";
import { reportExposures } from "./report-exposures.ts";
import { reportOutcomes } from "./report-outcomes.ts";

const tag = "Experiments";
const access = { user: null, machine: ["secret"] } as const;

/** Evidence for experiments and rollouts from callers who record no executions. */
export const exposureRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/learning/exposures",
    operationId: "reportExposures",
    summary: "Report that units were given the versions of their arms",
    description: "Not needed where executions are recorded with their split: that is the exposure.",
    tag,
    access,
    body: reportExposuresSchema,
    responses: { 200: exposureReceipt },
    handler: async ({ ctx, body }) => ({ status: 200, body: await reportExposures({ ctx, input: body }) }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/learning/outcomes",
    operationId: "reportOutcomes",
    summary: "Report outcomes of exposed units",
    description: "Each `outcome_id` counts once, however often it is sent.",
    tag,
    access,
    body: reportOutcomesSchema,
    responses: { 200: outcomeReceipt },
    handler: async ({ ctx, body }) => ({ status: 200, body: await reportOutcomes({ ctx, input: body }) }),
  }),
];
