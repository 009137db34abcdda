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

const SEEDS_PER_LABEL = 3;
const SHARES = { evidence: 0.45, later: 0.25 };
const HELD_OUT_AT_MOST = 1_000;

/** Equal for messages that differ only in case, punctuation, digits or white space. */
export function messageKey(text: string): string {
  return normaliseText(text)
    .replaceAll(/[\p{N}]+/gu, "0")
    .replaceAll(/[^\p{L}0]+/gu, " ")
    .trim();
}

/**
 * Parts a labelled set so that no message, however it is written, is in two parts: three seeds for each label, then 45 % for
 * evidence, 25 % for later traffic, the rest held out (1,000 at most).
 * @throws Error when a label has too few messages
 */
export function splitMessages(messages: readonly LabelledMessage[], random: Random): DemoSplit {
  const distinct = [...new Map(messages.map((message) => [messageKey(message.text), message])).values()];
  const seeds: LabelledMessage[] = [];
  const rest: LabelledMessage[] = [];
  const byLabel = Map.groupBy(shuffled(random.fork("split"), distinct), (message) => message.category);
  for (const [label, group] of byLabel) {
    if (group.length < SEEDS_PER_LABEL + 5) {
      throw new Error(
        `The category ${JSON.stringify(label)} has ${group.length} distinct messages; the demo needs ${SEEDS_PER_LABEL + 5} of each.`,
      );
    }
    seeds.push(...group.slice(0, SEEDS_PER_LABEL));
    rest.push(...group.slice(SEEDS_PER_LABEL));
  }
  const order = shuffled(random.fork("order"), rest);
  const evidenceEnd = Math.round(order.length * SHARES.evidence);
  const laterEnd = evidenceEnd + Math.round(order.length * SHARES.later);
  return {
    labels: [...byLabel.keys()].sort(),
    seeds,
    evidence: order.slice(0, evidenceEnd),
    later: order.slice(evidenceEnd, laterEnd),
    heldOut: order.slice(laterEnd, laterEnd + HELD_OUT_AT_MOST),
    duplicates: messages.length - distinct.length,
  };
}
