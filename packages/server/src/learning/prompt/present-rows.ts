import type { AnswerTokens } from "@agent-learning/contract";
import type { FinalistReport } from "@agent-learning/learning";

type Row = FinalistReport["rows"][number];

/** Rows of one gate whose outputs are kept, of each kind at most; people look at the first ones. */
const MOST_OUTPUTS = 500;
const MOST_EQUAL_OUTPUTS = 50;
const LONGEST_OUTPUT = 2_000;

/** The gate's rows as its report keeps them: scores of all, outputs of those that tell the two sides apart, and of a few others. */
export function presentRows(rows: readonly Row[]): Record<string, unknown>[] {
  const kept = { win: 0, loss: 0, tie: 0, failed: 0 };
  return rows.map((row) => {
    const { rowId, seed, candidate } = row;
    const failed = seed.failure !== undefined || candidate.failure !== undefined;
    const kind = failed ? "failed" : outcomeOf(row);
    kept[kind] += 1;
    const isKept = kept[kind] <= (kind === "win" || kind === "loss" ? MOST_OUTPUTS : MOST_EQUAL_OUTPUTS);
    return {
      row_id: rowId,
      baseline_score: seed.score,
      candidate_score: candidate.score,
      ...(failed ? { failed } : {}),
      ...(isKept ? { baseline_output: cut(seed.output), candidate_output: cut(candidate.output) } : {}),
    };
  });
}

function outcomeOf({ seed, candidate }: Row): "win" | "loss" | "tie" {
  if (candidate.score === seed.score) return "tie";
  return candidate.score > seed.score ? "win" : "loss";
}

// What is stored holds no NUL and no half of a character, wherever the cut falls.
function cut(output: string): string {
  return output.slice(0, LONGEST_OUTPUT).replaceAll("\0", "").toWellFormed();
}

/** Mean tokens of one answer on the rows that both sides answered. */
export function answerTokens(rows: readonly Row[]): { baseline: AnswerTokens; candidate: AnswerTokens } {
  const both = rows.filter(
    ({ seed, candidate }) => seed.failure === undefined && candidate.failure === undefined,
  );
  const mean = (of: (row: Row) => number): number =>
    both.length === 0 ? 0 : Math.round((10 * both.reduce((sum, row) => sum + of(row), 0)) / both.length) / 10;
  const side = (name: "seed" | "candidate"): AnswerTokens => ({
    prompt: mean((row) => row[name].usage.promptTokens),
    completion: mean((row) => row[name].usage.completionTokens),
  });
  return { baseline: side("seed"), candidate: side("candidate") };
}
