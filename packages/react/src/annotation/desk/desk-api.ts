import type {
  AnnotationLease,
  ClaimedAnnotation as WireClaim,
  SubmitAnnotation,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import type { LearningClient } from "../../client/learning-client.ts";
import { path } from "../../client/path.ts";
import type { Outgoing } from "./desk-storage.ts";
import { isPair } from "./comparison.ts";
import type { ClaimedAnnotation, DeskFilter } from "./types.ts";

type Lease = ClaimedAnnotation["task"];

/** What the desk asks of the server. */
export interface DeskApi {
  claim: () => Promise<ClaimedAnnotation | undefined>;
  renew: (task: Lease) => Promise<void>;
  /** With a reason: passed on to somebody else. */
  release: (task: Lease, reason: string | undefined) => Promise<void>;
  submit: (judgement: Outgoing) => Promise<void>;
}

/** The body of a judgement; a correction that changes nothing is left out. */
export function toSubmission({ claimed, decision, draft }: Outgoing): CamelCased<SubmitAnnotation> {
  const { task, example } = claimed;
  if (isPair(claimed)) {
    return {
      learningExampleId: example.id,
      annotationType: task.kind === "adjudication" ? "adjudication" : "review",
      decision,
      preference: decision === "approve" ? draft.comparison : undefined,
      notes: draft.notes.trim() === "" ? undefined : draft.notes,
      taskId: task.id,
      fencingToken: task.fencingToken,
    };
  }
  const { technical_accuracy: technicalAccuracy, professional_quality: professionalQuality } = draft.scores;
  const isChanged = draft.corrected !== example.expectedOutput && draft.corrected.trim() !== "";
  return {
    learningExampleId: example.id,
    annotationType: task.kind === "adjudication" ? "adjudication" : "review",
    decision,
    technicalAccuracy,
    professionalQuality,
    completeness: draft.scores.completeness,
    clarity: draft.scores.clarity,
    correctedOutput: isChanged ? draft.corrected : undefined,
    notes: draft.notes.trim() === "" ? undefined : draft.notes,
    improvementSuggestions: draft.suggestions.trim() === "" ? undefined : draft.suggestions,
    taskId: task.id,
    fencingToken: task.fencingToken,
  };
}

/** The desk's requests; what is sent while the page closes still arrives. */
export function createDeskApi(client: LearningClient, filter: DeskFilter): DeskApi {
  const keepalive = true;
  return {
    claim: () => client.request<WireClaim>("POST", "/annotations/claim", { body: filter }),
    renew: async ({ id, fencingToken }) => {
      const address = path`/annotations/tasks/${id}/heartbeat`;
      await client.request<AnnotationLease>("POST", address, { body: { fencingToken } });
    },
    release: async ({ id, fencingToken }, reason) => {
      const address = path`/annotations/tasks/${id}/release`;
      await client.request<AnnotationLease>("POST", address, { body: { fencingToken, reason }, keepalive });
    },
    submit: async (judgement) => {
      const { idempotencyKey } = judgement;
      await client.request("POST", "/annotations", {
        body: toSubmission(judgement),
        idempotencyKey,
        keepalive,
      });
    },
  };
}
