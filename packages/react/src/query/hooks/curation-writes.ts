"use client";
import type {
  Annotation,
  AnnotationLease,
  ClaimAnnotation,
  ClaimedAnnotation,
  CreateDataset,
  CreateDemonstration,
  CreatePreference,
  PairedExecutions,
  PairExecutions,
  CreateLearningExample,
  DatasetDetail,
  LearningExample,
  ReleaseLease,
  RenewLease,
  SubmitAnnotation,
  SubmittedAnnotation,
  UpdateLearningExample,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import { path } from "../../client/path.ts";
import { type LearningWrite, useWrite, type WithDefaults } from "./define-hook.ts";

/** Takes the next annotation under a lease; undefined when there is none. */
export function useClaimAnnotation(): LearningWrite<
  Partial<CamelCased<ClaimAnnotation>>,
  CamelCased<ClaimedAnnotation> | undefined
> {
  return useWrite(
    (client, body) => client.request<ClaimedAnnotation>("POST", "/annotations/claim", { body }),
    [],
  );
}

export function useRenewAnnotationLease(): LearningWrite<
  WithDefaults<CamelCased<RenewLease>, "leaseSeconds"> & { taskId: string },
  CamelCased<AnnotationLease>
> {
  return useWrite(
    (client, { taskId, ...body }) =>
      client.request<AnnotationLease>("POST", path`/annotations/tasks/${taskId}/heartbeat`, { body }),
    [],
  );
}

/** Gives a task back; with a reason it is deferred to somebody else. */
export function useReleaseAnnotationLease(): LearningWrite<
  CamelCased<ReleaseLease> & { taskId: string },
  CamelCased<AnnotationLease>
> {
  return useWrite(
    (client, { taskId, ...body }) =>
      client.request<AnnotationLease>("POST", path`/annotations/tasks/${taskId}/release`, { body }),
    ["annotations"],
  );
}

export function useSubmitAnnotation(): LearningWrite<
  WithDefaults<CamelCased<SubmitAnnotation>, "annotationType"> & { idempotencyKey?: string | undefined },
  CamelCased<SubmittedAnnotation>
> {
  return useWrite(
    (client, { idempotencyKey, ...body }) =>
      client.request<SubmittedAnnotation>("POST", "/annotations", { body, idempotencyKey }),
    ["annotations", "examples", "stats"],
  );
}

export function useVerifyAnnotation(): LearningWrite<{ annotationId: string }, CamelCased<Annotation>> {
  return useWrite(
    (client, { annotationId }) =>
      client.request<Annotation>("POST", path`/annotations/${annotationId}/verify`),
    ["annotations", "examples", "datasets"],
  );
}

export function useCreateExample(): LearningWrite<
  CamelCased<CreateLearningExample>,
  CamelCased<LearningExample>
> {
  return useWrite(
    (client, body) => client.request<LearningExample>("POST", "/examples", { body }),
    ["examples", "annotations", "stats"],
  );
}

export function useUpdateExample(): LearningWrite<
  CamelCased<UpdateLearningExample> & { exampleId: string; version: number },
  CamelCased<LearningExample>
> {
  return useWrite(
    (client, { exampleId, version, ...body }) =>
      client.request<LearningExample>("PATCH", path`/examples/${exampleId}`, { body, ifMatch: version }),
    ["examples"],
  );
}

export function useSubmitDemonstration(): LearningWrite<
  WithDefaults<CamelCased<CreateDemonstration>, "steps">,
  CamelCased<LearningExample>
> {
  return useWrite(
    (client, body) => client.request<LearningExample>("POST", "/demonstrations", { body }),
    ["examples", "annotations", "stats"],
  );
}

export function useSubmitPreference(): LearningWrite<
  CamelCased<CreatePreference>,
  CamelCased<LearningExample>
> {
  return useWrite(
    (client, body) => client.request<LearningExample>("POST", "/preferences", { body }),
    ["examples", "annotations", "stats"],
  );
}

/** Makes pairs of what different versions answered to the same input. */
export function usePairExecutions(): LearningWrite<
  WithDefaults<CamelCased<PairExecutions>, "days" | "limit">,
  CamelCased<PairedExecutions>
> {
  return useWrite(
    (client, body) => client.request<PairedExecutions>("POST", "/preferences/from-executions", { body }),
    ["examples", "annotations", "stats"],
  );
}

export function useCreateDataset(): LearningWrite<
  WithDefaults<CamelCased<CreateDataset>, "selection" | "split">,
  CamelCased<DatasetDetail>
> {
  return useWrite(
    (client, body) => client.request<DatasetDetail>("POST", "/datasets", { body }),
    ["datasets"],
  );
}

/** Fixes the dataset's content; refused with what is missing while a gate is not passed. */
export function useFreezeDataset(): LearningWrite<{ datasetId: string }, CamelCased<DatasetDetail>> {
  return useWrite(
    (client, { datasetId }) => client.request<DatasetDetail>("POST", path`/datasets/${datasetId}/freeze`),
    ["datasets"],
  );
}

export function useArchiveDataset(): LearningWrite<{ datasetId: string }, CamelCased<DatasetDetail>> {
  return useWrite(
    (client, { datasetId }) => client.request<DatasetDetail>("POST", path`/datasets/${datasetId}/archive`),
    ["datasets"],
  );
}
