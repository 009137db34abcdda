import { type CaseEvaluator, caseEvaluator, text } from "@agent-learning/contract";
import type { RegressionCase } from "@agent-learning/learning";
import { z } from "zod";
import { CheckUsageError } from "./check-errors.ts";
import { firstIssue, readText } from "./read-candidate-file.ts";

const line = z.object({
  id: z.string().min(1).max(100).optional(),
  input: text,
  expected: z.string(),
  evaluator: caseEvaluator.default({ kind: "normalised" } satisfies CaseEvaluator),
  slices: z.array(z.string().min(1).max(100)).max(50).default(["default"]),
  pinned: z.boolean().default(true),
});

/** The names of the API are as good as the short ones. */
function withShortNames(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const {
    input_text: input,
    expected_output: expected,
    is_pinned: pinned,
    ...rest
  } = value as Record<string, unknown>;
  return {
    ...(input === undefined ? {} : { input }),
    ...(expected === undefined ? {} : { expected }),
    ...(pinned === undefined ? {} : { pinned }),
    ...rest,
  };
}

/** Cases from JSON lines: `{"input", "expected", "evaluator"?, "slices"?, "pinned"?, "id"?}`; empty lines are left out. */
export async function readCasesFile(path: string): Promise<RegressionCase[]> {
  const cases: RegressionCase[] = [];
  const ids = new Set<string>();
  for (const [index, written] of (await readText(path)).split("\n").entries()) {
    if (written.trim() === "") continue;
    const where = `${path}, line ${index + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(written);
    } catch (error) {
      throw new CheckUsageError(`${where} is not JSON: ${(error as Error).message}.`);
    }
    const parsed = line.safeParse(withShortNames(value));
    if (!parsed.success) throw new CheckUsageError(`${where}: ${firstIssue(parsed.error)}.`);
    const { id = `line-${index + 1}`, input, expected, evaluator, slices, pinned } = parsed.data;
    if (ids.has(id)) throw new CheckUsageError(`${where}: the id ${id} was used before.`);
    ids.add(id);
    cases.push({
      id,
      input,
      expected,
      measure: evaluator as RegressionCase["measure"],
      slices,
      isPinned: pinned,
    });
  }
  return cases;
}
