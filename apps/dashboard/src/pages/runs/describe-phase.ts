import type { TrainingRun } from "../../api/types.ts";
import type { Tone } from "../../format/words.ts";

export type Phase = NonNullable<TrainingRun["phase"]>;

/** The way of a run that goes well. */
export const PATH: readonly Phase[] = [
  "draft",
  "validating",
  "queued",
  "running",
  "evaluating",
  "awaiting_review",
  "approved",
  "staging",
  "promoted",
];

export const PHASE_TONES: Record<Phase, Tone> = {
  draft: "neutral",
  validating: "accent",
  queued: "accent",
  running: "accent",
  paused: "warn",
  evaluating: "accent",
  awaiting_review: "warn",
  approved: "good",
  staging: "good",
  promoted: "good",
  rolled_back: "bad",
  failed: "bad",
  lost: "bad",
  cancelled: "neutral",
};

const SENTENCES: Record<Exclude<Phase, "failed" | "lost" | "running">, string> = {
  draft: "It is a draft: read what it would take, then start it.",
  validating: "Its dataset is being read through.",
  queued: "It waits for its trainer.",
  paused: "It is paused at its last checkpoint.",
  evaluating: "It is trained; what it made is held against what serves, on rows that it never saw.",
  awaiting_review: "It waits for a reviewer who neither drafted nor started it.",
  approved: "It is approved; its version is being made ready.",
  staging: "Its version is on staging. It goes on by an experiment or a rollout.",
  promoted: "Its version serves.",
  rolled_back: "Its version was rolled back.",
  cancelled: "It was cancelled.",
};

/** Where a run of fine-tuning is, in a sentence. */
export function describePhase(run: TrainingRun & { phase: Phase }): string {
  const { phase, currentStep, totalSteps, error } = run;
  if (phase === "running")
    return currentStep === null || totalSteps === null
      ? "It is training."
      : `It is training: step ${currentStep} of ${totalSteps}.`;
  if (phase === "failed" || phase === "lost") {
    const [message, advice] = [error?.["message"], error?.["advice"]].map((one) =>
      typeof one === "string" ? one : "",
    );
    const start = message === "" ? (phase === "lost" ? "Its trainer was lost." : "It failed.") : message;
    return `${start ?? ""} ${advice ?? ""}`.trim();
  }
  return SENTENCES[phase];
}

/** What a person may do in a phase, beside reviewing. */
export function movesOf(phase: Phase): readonly ("start" | "pause" | "resume" | "cancel")[] {
  switch (phase) {
    case "draft":
      return ["start", "cancel"];
    case "running":
      return ["pause", "cancel"];
    case "paused":
      return ["resume", "cancel"];
    case "validating":
    case "queued":
    case "evaluating":
      return ["cancel"];
    default:
      return [];
  }
}

/** How far along its way a run is: the place of the phase, or of the last one that it is known to have been in. */
export function placeOf(run: TrainingRun & { phase: Phase }): number {
  const at = PATH.indexOf(run.phase);
  if (at >= 0) return at;
  if (run.phase === "paused") return PATH.indexOf("running");
  if (run.phase === "rolled_back") return PATH.indexOf("staging");
  if (run.candidateVersionId !== null) return PATH.indexOf("evaluating");
  if (run.currentStep !== null) return PATH.indexOf("running");
  return run.startedAt === null ? 0 : PATH.indexOf("queued");
}
