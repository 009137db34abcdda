import type { AgentPolicy, DatasetCard, DatasetGate } from "@agent-learning/contract";

type Thresholds = Pick<
  AgentPolicy["training"],
  "min_human_verified" | "min_annotation_agreement" | "min_doubly_annotated"
>;

type Measured = Pick<DatasetCard, "verified" | "agreement"> & { examples: number };

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function verifiedGate({ verified, examples }: Measured, required: number): DatasetGate {
  const actual = verified.share;
  // Who asks for nothing is held to nothing, also when there is nothing to verify.
  const passed = (actual ?? 0) >= required;
  const missing = Math.max(0, Math.ceil(required * examples - 1e-9) - verified.examples);
  const found = `${verified.examples} of ${examples} examples are human verified (${percent(actual ?? 0)})`;
  return {
    name: "human_verified",
    required,
    actual,
    passed,
    message:
      passed || missing === 0
        ? `${found}; ${percent(required)} are required.`
        : `${found}; ${percent(required)} are required. Let reviewers verify the annotations of ${missing} more, ` +
          "with POST /api/learning/annotations/{id}/verify.",
  };
}

function doubledGate({ agreement }: Measured, required: number): DatasetGate {
  const actual = agreement.examples;
  const passed = actual >= required;
  const found = `${actual} examples of the agent and this selection have two annotations or more`;
  return {
    name: "doubly_annotated",
    required,
    actual,
    passed,
    message: passed
      ? `${found}; ${required} are required.`
      : `${found}; ${required} are required before agreement can be told. Let a second person annotate ${required - actual} more, ` +
        "or raise training.double_annotation_share in the agent's policy.",
  };
}

function agreementGate({ agreement }: Measured, required: number): DatasetGate {
  const { percent: actual, interval, examples } = agreement;
  // Who asks for nothing is held to nothing, also when there is nothing to measure.
  const passed = (actual ?? 0) >= required;
  const range =
    interval === null
      ? ""
      : ` (95 % interval ${percent(interval[0])} to ${percent(interval[1])}, ${examples} examples)`;
  const found =
    actual === null ? "Annotators' agreement is not known" : `Annotators agree on ${percent(actual)}${range}`;
  return {
    name: "agreement",
    required,
    actual,
    passed,
    message: passed
      ? `${found}; ${percent(required)} are required.`
      : `${found}; ${percent(required)} are required. Look at the disagreements together, write down what decides such cases, ` +
        "and annotate more.",
  };
}

/**
 * Holds a dataset to its agent's thresholds, each by itself: at least one example, the share that somebody other than the
 * annotator verified, and the agreement of annotators, which counts from a least number of doubly annotated examples on.
 */
export function gatesOf(measured: Measured, thresholds: Thresholds): DatasetGate[] {
  const { examples } = measured;
  return [
    {
      name: "examples",
      required: 1,
      actual: examples,
      passed: examples >= 1,
      message:
        examples >= 1
          ? `There are ${examples} examples.`
          : "No approved, active example of sufficient quality fits the selection. Annotate more, or widen the selection.",
    },
    verifiedGate(measured, thresholds.min_human_verified),
    doubledGate(measured, thresholds.min_doubly_annotated),
    agreementGate(measured, thresholds.min_annotation_agreement),
  ];
}
