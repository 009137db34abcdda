import type { PinnedCaseSource } from "../../learning/candidate-observer.ts";
import { readActiveCases } from "./store.ts";

/** The pinned cases of an agent, as the gate wants them. */
export const pinnedCases: PinnedCaseSource = async (ctx, agentId) =>
  (await readActiveCases(ctx, agentId))
    .filter((row) => row.is_pinned)
    .map((row) => ({ id: row.id, input: row.input_text, expected: row.expected_output }));
