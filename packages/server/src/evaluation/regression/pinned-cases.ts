import type { PinnedCaseSource } from "../../learning/candidate-observer.ts";
import { readActiveCases } from "./store.ts";

const COMPARED = new Set(["exact", "normalised"]);

/**
 * The pinned cases of an agent that an optimisation chooses its candidate by: those with a right answer to compare with. The
 * release gate holds the candidate to all of them.
 */
export const pinnedCases: PinnedCaseSource = async (ctx, agentId) =>
  (await readActiveCases(ctx, agentId))
    .filter((row) => row.is_pinned && COMPARED.has((row.evaluator as { kind: string }).kind))
    .map((row) => ({ id: row.id, input: row.input_text, expected: row.expected_output }));
