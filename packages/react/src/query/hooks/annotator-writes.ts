"use client";
import type {
  AnnotationQueue,
  BulkDecision,
  BulkResult,
  CreateQueue,
  GoldAnswer,
  SecondLook,
  SecondLookResult,
  SetGold,
  UpdateQueue,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import { path } from "../../client/path.ts";
import { type LearningWrite, useWrite, type WithDefaults } from "./define-hook.ts";

export function useCreateQueue(): LearningWrite<
  WithDefaults<CamelCased<CreateQueue>, "filter" | "overlap" | "ordering" | "goldShare">,
  CamelCased<AnnotationQueue>
> {
  return useWrite(
    (client, body) => client.request<AnnotationQueue>("POST", "/queues", { body }),
    ["annotations"],
  );
}

/** Changes a queue for what comes from now on, by compare-and-set on the version that was read. */
export function useUpdateQueue(): LearningWrite<
  CamelCased<UpdateQueue> & { queueId: string; version: number },
  CamelCased<AnnotationQueue>
> {
  return useWrite(
    (client, { queueId, version, ...body }) =>
      client.request<AnnotationQueue>("PATCH", path`/queues/${queueId}`, { body, ifMatch: version }),
    ["annotations"],
  );
}

/** Sends approved examples that their neighbours contradict back into review; with `preview` only says which. */
export function useTakeSecondLook(): LearningWrite<
  WithDefaults<CamelCased<SecondLook>, "limit" | "preview"> & { queueId: string },
  CamelCased<SecondLookResult>
> {
  return useWrite(
    (client, { queueId, ...body }) =>
      client.request<SecondLookResult>("POST", path`/queues/${queueId}/second-look`, { body }),
    ["annotations", "examples", "stats"],
  );
}

/** One decision on everything in review that fits a selection: first a preview, then again while `remaining` is above 0. */
export function useDecideInBulk(): LearningWrite<
  WithDefaults<CamelCased<BulkDecision>, "preview" | "limit"> & { idempotencyKey?: string | undefined },
  CamelCased<BulkResult>
> {
  return useWrite(
    (client, { idempotencyKey, ...body }) =>
      client.request<BulkResult>("POST", "/annotations/bulk", { body, idempotencyKey }),
    ["annotations", "examples", "stats"],
  );
}

/** Says what the right answer to an example is, to measure annotators. */
export function useSetGold(): LearningWrite<CamelCased<SetGold>, CamelCased<GoldAnswer>> {
  return useWrite(
    (client, body) => client.request<GoldAnswer>("POST", "/gold", { body }),
    ["annotations", "examples"],
  );
}

/** Makes a gold example an ordinary one again. */
export function useRetireGold(): LearningWrite<{ learningExampleId: string }, CamelCased<GoldAnswer>> {
  return useWrite(
    (client, { learningExampleId }) => client.request<GoldAnswer>("DELETE", path`/gold/${learningExampleId}`),
    ["annotations", "examples"],
  );
}
