import type { Draft } from "./draft.ts";
import type { ClaimedAnnotation, Comparison } from "./types.ts";

/** What the strengths 1 to 5 mean. */
export const STRENGTHS: readonly string[] = [
  "slightly better",
  "somewhat better",
  "clearly better",
  "much better",
  "better beyond doubt",
];
const USUAL_STRENGTH = 3;

/** One of two outputs, under the letter of the place where it is shown. */
export interface ShownSide {
  /** What the reader sees: the first is A, whichever it is. */
  letter: "A" | "B";
  /** What it is called in the example. */
  output: "A" | "B";
  text: string;
}

/** Whether two outputs are to be compared. */
export function isPair({ comparison }: Pick<ClaimedAnnotation, "comparison">): boolean {
  // Tasks that an earlier version of the page kept know no comparison.
  return (comparison ?? null) !== null;
}

/** Both outputs in the order that was drawn for this task. */
export function sidesOf({ example, comparison }: ClaimedAnnotation): readonly [ShownSide, ShownSide] {
  const order = comparison?.first === "B" ? (["B", "A"] as const) : (["A", "B"] as const);
  const side = (letter: "A" | "B", output: "A" | "B"): ShownSide => ({
    letter,
    output,
    text: (output === "A" ? example.outputA : example.outputB) ?? "",
  });
  return [side("A", order[0]), side("B", order[1])];
}

/** The draft with a preferred output, as strong as before or usually, or with a tie. */
export function withPreferred(draft: Draft, preferred: Comparison["preferred"]): Draft {
  const strength = draft.comparison?.strength ?? USUAL_STRENGTH;
  return { ...draft, comparison: preferred === "tie" ? { preferred } : { preferred, strength } };
}

/** The draft with another strength; a tie and what is not decided have none. */
export function withStrength(draft: Draft, strength: number): Draft {
  const { comparison } = draft;
  return comparison === undefined || comparison.preferred === "tie"
    ? draft
    : { ...draft, comparison: { ...comparison, strength } };
}

/** What an annotator said of a pair, in the letters that are shown; undefined when they compared nothing. */
export function describeComparison(
  annotation: ClaimedAnnotation["annotations"][number],
  sides: readonly ShownSide[],
): string | undefined {
  const said = (annotation.annotationData as { preference?: Comparison }).preference;
  if (said === undefined) return undefined;
  if (said.preferred === "tie") return "Neither is better";
  const letter = sides.find(({ output }) => output === said.preferred)?.letter ?? said.preferred;
  const strength = said.strength === undefined ? "better" : (STRENGTHS[said.strength - 1] ?? "better");
  return `${letter} is ${strength}`;
}
