import { join } from "node:path";
import { createRandom, type Row, shuffled } from "@agent-learning/learning";
import { readLabelledCsv } from "../../packages/server/src/demo/read-labelled-csv.ts";

/** Ten intents of banking77 that are easily taken for each other. */
export const CARD_INTENTS: readonly string[] = [
  "card_arrival",
  "card_delivery_estimate",
  "lost_or_stolen_card",
  "card_not_working",
  "card_linking",
  "declined_card_payment",
  "pending_card_payment",
  "card_payment_not_recognised",
  "card_payment_fee_charged",
  "reverted_card_payment?",
];

export const INSTRUCTION: string = `Classify the customer's message about their bank card. Answer with exactly one of these labels and nothing else:
${CARD_INTENTS.join("\n")}`;

export interface CardIntents {
  /** The same for all seeds. */
  test: Row[];
  /** Balanced over the intents. */
  training: (seed: string, rows: number) => Row[];
}

/** @param folder with banking77's `train.csv` and `test.csv` */
export async function readCardIntents(folder: string, testRows: number): Promise<CardIntents> {
  const train = await readRows(join(folder, "train.csv"), "train");
  const test = await readRows(join(folder, "test.csv"), "test");
  return {
    test: shuffled(createRandom("test rows"), test).slice(0, testRows),
    training: (seed, rows) => {
      const random = createRandom(`training rows ${seed}`);
      const groups = [...Map.groupBy(shuffled(random, train), (row) => row.expected).values()];
      const each = Math.ceil(rows / groups.length);
      return shuffled(
        random.fork("order"),
        groups.flatMap((group) => group.slice(0, each)),
      ).slice(0, rows);
    },
  };
}

async function readRows(path: string, part: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const { text, category } of readLabelledCsv(path)) {
    if (CARD_INTENTS.includes(category)) {
      rows.push({ id: `${part}-${rows.length}`, input: text, expected: category });
    }
  }
  return rows;
}
