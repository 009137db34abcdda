import { createRandom, type Row, randomInteger, shuffled } from "@agent-learning/learning";

/** Short on purpose: the weights are to hold what a list of the labels in the prompt would say. */
export const INSTRUCTION: string = "Name the intent.";

/** Intents that a message is easily given instead. */
const CONFUSABLE: Readonly<Record<string, readonly string[]>> = {
  card_arrival: ["card_delivery_estimate", "card_linking"],
  card_delivery_estimate: ["card_arrival"],
  lost_or_stolen_card: ["card_not_working", "card_linking"],
  card_not_working: ["declined_card_payment", "lost_or_stolen_card"],
  card_linking: ["card_arrival", "lost_or_stolen_card"],
  declined_card_payment: ["reverted_card_payment?", "card_not_working", "pending_card_payment"],
  pending_card_payment: ["declined_card_payment", "reverted_card_payment?"],
  card_payment_not_recognised: ["pending_card_payment", "card_payment_fee_charged"],
  card_payment_fee_charged: ["card_payment_not_recognised"],
  "reverted_card_payment?": ["declined_card_payment", "pending_card_payment"],
};

type Message = { role: "system" | "user" | "assistant"; content: string };

export function promptOf(input: string): Message[] {
  return [
    { role: "system", content: INSTRUCTION },
    { role: "user", content: input },
  ];
}

/** Corrections, as SFT takes them. */
export function sftRows(rows: readonly Row[]): { messages: Message[] }[] {
  return rows.map(({ input, expected }) => ({
    messages: [...promptOf(input), { role: "assistant", content: expected }],
  }));
}

/** Preferences, as DPO takes them: the right intent over one that it is confused with. */
export function dpoRows(
  rows: readonly Row[],
  seed: string,
): { prompt: Message[]; chosen: string; rejected: string }[] {
  const random = createRandom(`rejected ${seed}`);
  return rows.map(({ input, expected }) => {
    const others = CONFUSABLE[expected] ?? [];
    return {
      prompt: promptOf(input),
      chosen: expected,
      rejected: others[randomInteger(random, others.length)] ?? "",
    };
  });
}

/** The same messages with the labels of others: what nobody should learn from. */
export function withShuffledLabels(rows: readonly Row[], seed: string): Row[] {
  const labels = shuffled(
    createRandom(`labels ${seed}`),
    rows.map(({ expected }) => expected),
  );
  return rows.map((row, index) => ({ ...row, expected: labels[index] ?? "" }));
}
