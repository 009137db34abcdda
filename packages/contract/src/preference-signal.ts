import { z } from "zod";

/** What a model of people's preferences says of a candidate: a signal, never a verdict. */
export interface PreferenceSignal {
  /** Judgements that prefer one of two answers, and the people they are from. */
  judgements: number;
  people: number;
  /** Judgements of inputs that the model was not made from, those that it told, and the interval of that share; null: too few. */
  held_out: { judgements: number; right: number; interval: [number, number] } | null;
  /** Shown to be better than chance. */
  is_usable: boolean;
  /** How far it prefers the candidate's answers where they differ, one half being neither; null: it cannot say. */
  candidate: { rows: number; mean: number; interval: [number, number] } | null;
  sentence: string;
}

const count = z.number().int();
const interval = z.tuple([z.number(), z.number()]);

export const preferenceSignal: z.ZodType<PreferenceSignal> = z.object({
  judgements: count,
  people: count,
  held_out: z.object({ judgements: count, right: count, interval }).nullable(),
  is_usable: z.boolean(),
  candidate: z.object({ rows: count, mean: z.number(), interval }).nullable(),
  sentence: z.string(),
});
