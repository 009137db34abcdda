import {
  type AgentPolicy,
  DATASET_SPLITS,
  type DatasetCard,
  type DatasetSplit,
  EXAMPLE_TYPES,
  type ExampleType,
} from "@agent-learning/contract";
import { findSensitive } from "@agent-learning/learning";
import { wilsonInterval } from "@agent-learning/statistics";
import { qualityTenth } from "../statistics/index.ts";
import { gatesOf } from "./gates.ts";

/** Below it no conclusion should rest on the annotations (Krippendorff 2004). */
const LEAST_ALPHA = 0.667;
/** Ids of excluded examples that a card lists. */
const LISTED = 100;

export interface CardItem {
  id: string;
  example_type: ExampleType;
  input_text: string;
  original_output: string | null;
  expected_output: string;
  quality_score: number | null;
  split: DatasetSplit;
  group: string;
  isVerified: boolean;
  contributorId: string | null;
}

/** Gathers a dataset's card item by item. */
export class CardBuilder {
  readonly #counts = Object.fromEntries(EXAMPLE_TYPES.map((type) => [type, 0])) as Record<
    ExampleType,
    number
  >;
  readonly #splits = Object.fromEntries(
    DATASET_SPLITS.map((split) => [split, { examples: 0, groups: new Set<string>() }]),
  ) as Record<DatasetSplit, { examples: number; groups: Set<string> }>;
  readonly #tenths = Array.from({ length: 10 }, () => 0);
  readonly #contributors = new Map<string, number>();
  readonly #privacy = { kinds: {} as Record<string, number>, examples: 0, ids: [] as string[] };
  #examples = 0;
  #supervised = 0;
  #verified = 0;
  #quality = { sum: 0, count: 0 };

  add(item: CardItem): void {
    this.#examples += 1;
    this.#counts[item.example_type] += 1;
    if (item.expected_output !== "") this.#supervised += 1;
    if (item.isVerified) this.#verified += 1;
    const split = this.#splits[item.split];
    split.examples += 1;
    split.groups.add(item.group);
    if (item.quality_score !== null) {
      this.#quality.sum += item.quality_score;
      this.#quality.count += 1;
      const tenth = qualityTenth(item.quality_score);
      this.#tenths[tenth] = (this.#tenths[tenth] ?? 0) + 1;
    }
    this.#lookForSensitive(item);
    if (item.contributorId !== null)
      this.#contributors.set(item.contributorId, (this.#contributors.get(item.contributorId) ?? 0) + 1);
  }

  #lookForSensitive({ id, input_text, original_output, expected_output }: CardItem): void {
    const kinds = new Set(
      [input_text, original_output ?? "", expected_output].flatMap((text) =>
        findSensitive(text).map(({ kind }) => kind),
      ),
    );
    if (kinds.size === 0) return;
    this.#privacy.examples += 1;
    if (this.#privacy.ids.length < LISTED) this.#privacy.ids.push(id);
    for (const kind of kinds) this.#privacy.kinds[kind] = (this.#privacy.kinds[kind] ?? 0) + 1;
  }

  build(
    found: Pick<DatasetCard, "agreement" | "duplicates" | "excluded"> & {
      contamination: NonNullable<DatasetCard["contamination"]>;
      contributions: Pick<DatasetCard["contributors"], "capped" | "held_back">;
    },
    thresholds: AgentPolicy["training"],
  ): DatasetCard {
    const examples = this.#examples;
    const interval = wilsonInterval(this.#verified, examples);
    const verified = {
      examples: this.#verified,
      share: examples === 0 ? null : this.#verified / examples,
      interval: examples === 0 ? null : ([interval.lower, interval.upper] as [number, number]),
    };
    const splitOf = (split: DatasetSplit): { examples: number; groups: number } => ({
      examples: this.#splits[split].examples,
      groups: this.#splits[split].groups.size,
    });
    const largest = Math.max(0, ...this.#contributors.values());
    const card = {
      counts: this.#counts,
      supervised_examples: this.#supervised,
      splits: { train: splitOf("train"), validation: splitOf("validation"), test: splitOf("test") },
      quality: {
        mean:
          this.#quality.count === 0
            ? null
            : Math.round((this.#quality.sum / this.#quality.count) * 100) / 100,
        tenths: this.#tenths,
      },
      verified,
      agreement: found.agreement,
      duplicates: found.duplicates,
      excluded: { ...found.excluded, ids: found.excluded.ids.slice(0, LISTED) },
      contributors: {
        people: this.#contributors.size,
        largest_share: this.#contributors.size === 0 ? null : largest / examples,
        ...found.contributions,
      },
      contamination: {
        ...found.contamination,
        examples: found.contamination.examples.slice(0, LISTED),
      },
      privacy: this.#privacy,
      gates: gatesOf({ examples, verified, agreement: found.agreement }, thresholds),
    };
    return { ...card, warnings: warningsOf(card) };
  }
}

function warningsOf(card: Omit<DatasetCard, "warnings">): string[] {
  const warnings: string[] = [];
  const alpha = card.agreement.krippendorff_alpha;
  if (alpha !== null && alpha < LEAST_ALPHA)
    warnings.push(
      `Krippendorff's alpha is ${alpha.toFixed(3)}, below ${LEAST_ALPHA}: annotators agree little more than chance would have them.`,
    );
  for (const split of DATASET_SPLITS)
    if (card.splits[split].examples === 0 && Object.values(card.counts).some((count) => count > 0))
      warnings.push(`The ${split} split is empty.`);
  const { capped, held_back } = card.contributors;
  if (capped > 0)
    warnings.push(
      `${capped} examples were left out: one end user had more than the cap of the agent's policy.`,
    );
  if (held_back > 0)
    warnings.push(
      `${held_back} approved examples are held back as possibly poisoned: decide on them under /api/learning/trust/suspicions.`,
    );
  const removed = card.contamination?.removed ?? 0;
  if (removed > 0)
    warnings.push(
      `${removed} examples were left out of train and validation: the agent's regression cases hold them, and what is trained on cannot be tested with.`,
    );
  const sensitive = card.privacy?.examples ?? 0;
  if (sensitive > 0)
    warnings.push(
      `${sensitive} examples hold what looks like personal data or secrets (${Object.keys(card.privacy?.kinds ?? {}).join(", ")}): look at them before you share the dataset.`,
    );
  if (card.excluded.examples > 0)
    warnings.push(
      `${card.excluded.examples} examples were left out: they resemble examples of two splits and would carry one into the other.`,
    );
  return warnings;
}
