import type { AgentPolicy } from "../../api/types.ts";

type Section = Exclude<keyof AgentPolicy, symbol>;

/** A threshold of the policy that a person may set, with how it is written. */
export interface PolicyField {
  section: Section;
  name: string;
  label: string;
  unit: "share" | "number" | "hours" | "switch" | "choice";
  /** Of a choice: what may be chosen, with its words. */
  options?: readonly (readonly [value: string, label: string])[];
  help: string;
}

/** The thresholds in the order of the loop; stages and required guardrails have parts of their own. */
export const POLICY_FIELDS: readonly PolicyField[] = [
  {
    section: "training",
    name: "minQualityScore",
    label: "Least quality of an example",
    unit: "number",
    help: "0 to 1; below it no example enters a dataset.",
  },
  {
    section: "training",
    name: "minHumanVerified",
    label: "Human verified",
    unit: "share",
    help: "Share of a dataset that a second person has verified.",
  },
  {
    section: "training",
    name: "minAnnotationAgreement",
    label: "Agreement of experts",
    unit: "share",
    help: "On the doubly annotated part.",
  },
  {
    section: "training",
    name: "minDoublyAnnotated",
    label: "Doubly annotated at least",
    unit: "number",
    help: "Items below which agreement cannot be claimed.",
  },
  {
    section: "training",
    name: "annotationOverlap",
    label: "Annotations an example",
    unit: "number",
    help: "How many experts judge each.",
  },
  {
    section: "training",
    name: "doubleAnnotationShare",
    label: "Second annotator for",
    unit: "share",
    help: "Share of examples beyond the overlap.",
  },
  {
    section: "experiment",
    name: "minDurationHours",
    label: "Experiment runs at least",
    unit: "hours",
    help: "Before a winner.",
  },
  {
    section: "experiment",
    name: "minSampleSize",
    label: "Users an arm",
    unit: "number",
    help: "Before a winner; never below 1,000.",
  },
  {
    section: "experiment",
    name: "significance",
    label: "Significance of a winner",
    unit: "share",
    help: "Below it a person decides.",
  },
  {
    section: "experiment",
    name: "automaticDecision",
    label: "Decides by itself",
    unit: "switch",
    help: "Off: a winner or harm waits for a person.",
  },
  {
    section: "rollout",
    name: "minUnits",
    label: "Users before a stage is left",
    unit: "number",
    help: "In the candidate.",
  },
  {
    section: "rollout",
    name: "silenceGraceMinutes",
    label: "Silence until rollback, minutes",
    unit: "number",
    help: "When the candidate alone says nothing.",
  },
  {
    section: "guardrails",
    name: "maxErrorRate",
    label: "Highest error rate",
    unit: "share",
    help: "Of the candidate’s users.",
  },
  {
    section: "guardrails",
    name: "maxSatisfactionDrop",
    label: "Largest drop of satisfaction",
    unit: "share",
    help: "Relative to the control.",
  },
  {
    section: "guardrails",
    name: "maxLatencyIncrease",
    label: "Largest rise of latency",
    unit: "share",
    help: "Relative to the control.",
  },
  {
    section: "review",
    name: "maxUnreviewedChange",
    label: "Change without review",
    unit: "share",
    help: "A prompt that changes more answers needs a person.",
  },
  {
    section: "retrievalLearning",
    name: "mode",
    label: "Retrieval learns",
    unit: "choice",
    options: [
      ["on_request", "When somebody asks"],
      ["daily", "Every day with enough feedback"],
    ],
    help: "What it learns goes through the gates like anything else.",
  },
  {
    section: "retrievalLearning",
    name: "minNewRetrievals",
    label: "Retrievals for a run",
    unit: "number",
    help: "With feedback, since the last run that ended well.",
  },
  {
    section: "retrievalLearning",
    name: "minHoursBetweenRuns",
    label: "Hours between two runs",
    unit: "hours",
    help: "However the last one ended.",
  },
  {
    section: "retrievalLearning",
    name: "release",
    label: "What passed the gates is released",
    unit: "choice",
    options: [
      ["on_request", "When somebody starts the rollout"],
      ["automatic", "By itself, as a canary"],
    ],
    help: "Guardrails undo a canary that does harm.",
  },
  {
    section: "promptLearning",
    name: "mode",
    label: "Prompts are optimised",
    unit: "choice",
    options: [
      ["on_request", "When somebody asks"],
      ["continuous", "When enough was approved"],
    ],
    help: "A run that starts by itself goes through the same gate and review.",
  },
  {
    section: "promptLearning",
    name: "minNewExamples",
    label: "New examples for a run",
    unit: "number",
    help: "Approved since the last run that ended well.",
  },
  {
    section: "promptLearning",
    name: "minHoursBetweenRuns",
    label: "Hours between two runs",
    unit: "hours",
    help: "However the last one ended.",
  },
  {
    section: "promptLearning",
    name: "budgetCalls",
    label: "Model calls of one run",
    unit: "number",
    help: "Of its search; the gate’s come on top.",
  },
  {
    section: "gate",
    name: "required",
    label: "A passing gate is needed",
    unit: "choice",
    options: [
      ["when_pinned", "When cases are pinned"],
      ["always", "Always"],
      ["never", "Never"],
    ],
    help: "Before an experiment or a rollout starts with a version.",
  },
  {
    section: "regression",
    name: "significance",
    label: "Level of the regression test",
    unit: "number",
    help: "Over all cases: below it the candidate counts as worse.",
  },
  {
    section: "regression",
    name: "repeats",
    label: "Attempts at a failed case",
    unit: "number",
    help: "So much chance is measured.",
  },
  {
    section: "safety",
    name: "judge",
    label: "A model judges safety as well",
    unit: "switch",
    help: "Its word counts where it proves good enough.",
  },
  {
    section: "training",
    name: "maxItemsPerContributor",
    label: "Examples of one user at most",
    unit: "number",
    help: "In a dataset; experts are not capped.",
  },
  {
    section: "feedback",
    name: "browsers",
    label: "Votes from browsers without a key",
    unit: "choice",
    options: [
      ["off", "No"],
      ["same_origin", "From the server’s own origin"],
    ],
    help: "Pages get tokens for executions of the last week.",
  },
  {
    section: "feedback",
    name: "holdingHours",
    label: "Feedback waits for its execution",
    unit: "hours",
    help: "Then it expires, counted.",
  },
];

/** The value of a field. */
export function readField(policy: AgentPolicy, { section, name }: PolicyField): number | boolean | string {
  return (policy[section] as Record<string, number | boolean | string>)[name] ?? 0;
}

/** The policy with one field changed. */
export function writeField(
  policy: AgentPolicy,
  { section, name }: PolicyField,
  value: number | boolean | string,
): AgentPolicy {
  return { ...policy, [section]: { ...policy[section], [name]: value } };
}
