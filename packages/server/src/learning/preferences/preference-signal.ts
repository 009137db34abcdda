import type { PreferenceSignal } from "@agent-learning/contract";
import {
  comparePreferred,
  type GateRow,
  type JudgedAnswerPair,
  type LearnedPreferences,
  learnPreferences,
} from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import { type JudgementRow, readJudgements } from "./store.ts";

/** Judgements that the model is made from, the newest: what a run may take. */
const MOST_JUDGEMENTS = 1_000;

/**
 * What the preference model says of a candidate: learned anew from the judgements as they are now, so that nobody's word outlives its
 * removal. A signal for the person who decides; no verdict follows from it.
 */
export async function preferenceSignal(
  ctx: Context,
  { agentId, rows, seed }: { agentId: string; rows: readonly GateRow[]; seed: string | number },
): Promise<PreferenceSignal> {
  const judgements = (await ctx.transact((tenant) => readJudgements(tenant, agentId))).slice(
    -MOST_JUDGEMENTS,
  );
  const options = { seed: String(seed) };
  const learned = learnPreferences(judgements.map(toPair), options);
  const compared =
    learned.model === undefined ? undefined : comparePreferred(learned.model, answersOf(rows), options);
  return {
    judgements: learned.judgements,
    people: new Set(judgements.map(({ person }) => person)).size,
    held_out: learned.heldOut ?? null,
    is_usable: learned.model !== undefined,
    candidate: compared ?? null,
    sentence: sentenceOf(learned, compared),
  };
}

/** What both sides answered, where both did. */
function answersOf(rows: readonly GateRow[]): { input: string; baseline: string; candidate: string }[] {
  return rows.flatMap(({ input, seed, candidate }) =>
    seed.failure === undefined && candidate.failure === undefined
      ? [{ input, baseline: seed.output, candidate: candidate.output }]
      : [],
  );
}

function toPair(row: JudgementRow): JudgedAnswerPair {
  return {
    input: row.input_text,
    a: row.output_a,
    b: row.output_b,
    preferred: row.preferred,
    strength: row.strength ?? undefined,
    first: row.first ?? undefined,
  };
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

function sentenceOf(
  { heldOut, judgements, model }: LearnedPreferences,
  compared: ReturnType<typeof comparePreferred>,
): string {
  if (heldOut === undefined)
    return `People compared too few pairs (${judgements} that prefer one answer) to learn from what they prefer.`;
  const worth = `right on ${percent(heldOut.right / heldOut.judgements)} of ${heldOut.judgements} judgements that it had not seen`;
  if (model === undefined)
    return `The preference model is ${worth}, which may be chance: it says nothing of the candidate.`;
  if (compared === undefined)
    return `The preference model (${worth}) has no differing answers of the candidate to compare.`;
  const [lower, upper] = compared.interval;
  return `The preference model (${worth}) prefers the candidate's answers with ${percent(compared.mean)} (95 %: ${percent(lower)} to ${percent(upper)}) over ${compared.rows} rows that differ. It is a signal and decides nothing.`;
}
