import { LabelledCsvError } from "./labelled-csv-error.ts";
import { normaliseText, type Random, shuffled } from "@agent-learning/learning";

export interface LabelledMessage {
  text: string;
  category: string;
}

export interface DemoSplit {
  labels: string[];
  /** Shown by the first version. */
  seeds: LabelledMessage[];
  /** What users ask while evidence is collected. */
  evidence: LabelledMessage[];
  /** What users ask during the experiment and the rollouts: learned from by nobody. */
  later: LabelledMessage[];
  /** Accuracy before and after is measured on these, and nothing else is done with them. */
  heldOut: LabelledMessage[];
  /** Rows that were left out because another row says the same. */
  duplicates: number;
}

const SHARES = { evidence: 0.45, later: 0.25 };
const SPARE_PER_LABEL = 5;

/** How many messages a split takes at most. */
export interface SplitLimits {
  seedsPerLabel: number;
  evidence: number;
  later: number;
  heldOut: number;
}

/** Equal for messages that differ only in case, punctuation, digits or white space. */
export function messageKey(text: string): string {
  return normaliseText(text)
    .replaceAll(/[\p{N}]+/gu, "0")
    .replaceAll(/[^\p{L}0]+/gu, " ")
    .trim();
}

/**
 * Parts a labelled set so that no message, however it is written, is in two parts: the seeds of each label, then 45 % for
 * evidence, 25 % for later traffic, the rest held out, each up to its limit.
 * @throws LabelledCsvError when a label has too few messages, or there is only one
 */
export function splitMessages(
  messages: readonly LabelledMessage[],
  random: Random,
  limits: SplitLimits,
): DemoSplit {
  const { seedsPerLabel } = limits;
  const distinct = [...new Map(messages.map((message) => [messageKey(message.text), message])).values()];
  const seeds: LabelledMessage[] = [];
  const rest: LabelledMessage[] = [];
  const byLabel = Map.groupBy(shuffled(random.fork("split"), distinct), (message) => message.category);
  if (byLabel.size < 2)
    throw new LabelledCsvError("All messages have the same category; the demo needs two at least.");
  for (const [label, group] of byLabel) {
    if (group.length < seedsPerLabel + SPARE_PER_LABEL) {
      throw new LabelledCsvError(
        `The category ${JSON.stringify(label)} has ${group.length} distinct messages; the demo needs ${seedsPerLabel + SPARE_PER_LABEL} of each.`,
      );
    }
    seeds.push(...group.slice(0, seedsPerLabel));
    rest.push(...group.slice(seedsPerLabel));
  }
  const order = shuffled(random.fork("order"), rest);
  const evidenceEnd = Math.round(order.length * SHARES.evidence);
  const laterEnd = evidenceEnd + Math.round(order.length * SHARES.later);
  return {
    labels: [...byLabel.keys()].sort(),
    seeds,
    evidence: order.slice(0, evidenceEnd).slice(0, limits.evidence),
    later: order.slice(evidenceEnd, laterEnd).slice(0, limits.later),
    heldOut: order.slice(laterEnd).slice(0, limits.heldOut),
    duplicates: messages.length - distinct.length,
  };
}
