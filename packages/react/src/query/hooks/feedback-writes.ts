"use client";
import type { AmendFeedback, Feedback, SubmitFeedback, SubmittedFeedback } from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import { path } from "../../client/path.ts";
import { type LearningWrite, useWrite } from "./define-hook.ts";

/** Sends one feedback with the caller's key. `useFeedback` is for end users: it keeps what cannot be sent. */
export function useSubmitFeedback(): LearningWrite<
  CamelCased<SubmitFeedback> & { idempotencyKey?: string | undefined },
  CamelCased<SubmittedFeedback>
> {
  return useWrite(
    (client, { idempotencyKey, ...body }) =>
      client.request<SubmittedFeedback>("POST", "/feedback", { body, idempotencyKey }),
    ["feedback", "examples", "annotations", "stats"],
  );
}

/** Changes a feedback by compare-and-set on the version that was read. */
export function useAmendFeedback(): LearningWrite<
  CamelCased<AmendFeedback> & { feedbackId: string; version: number },
  CamelCased<Feedback>
> {
  return useWrite(
    (client, { feedbackId, version, ...body }) =>
      client.request<Feedback>("PATCH", path`/feedback/${feedbackId}`, { body, ifMatch: version }),
    ["feedback", "examples", "annotations", "stats"],
  );
}

export function useWithdrawFeedback(): LearningWrite<{ feedbackId: string }, CamelCased<Feedback>> {
  return useWrite(
    (client, { feedbackId }) => client.request<Feedback>("DELETE", path`/feedback/${feedbackId}`),
    ["feedback", "examples", "annotations", "stats"],
  );
}
