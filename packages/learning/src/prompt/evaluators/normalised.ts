import { normaliseText } from "../../text/tokenise.ts";
import { type Evaluator, verdict } from "./evaluator.ts";

/** Right when both texts are equal but for case, white space, Unicode form, and quotes or punctuation at the ends. */
export const normalised: Evaluator = ({ output, expected }) =>
  verdict(
    bare(output) === bare(expected),
    `Expected ${JSON.stringify(expected.trim())}, got ${JSON.stringify(output.trim())}.`,
  );

function bare(text: string): string {
  const folded = normaliseText(text);
  return folded.replace(/^[\s"'`“”‘’«».,;:!]+|[\s"'`“”‘’«».,;:!]+$/gu, "") || folded;
}
