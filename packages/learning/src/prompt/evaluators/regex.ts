import { guardedMatcher } from "../../text/guarded-match.ts";
import { normaliseText } from "../../text/tokenise.ts";
import { type Evaluator, verdict } from "./evaluator.ts";

export interface RegexOptions {
  /** ECMAScript pattern. With a group named `answer`, what it captures must also equal the expected text. */
  pattern: string;
  /** Any of "i", "m", "s", "u", "v". */
  flags?: string;
}

const LONGEST_PATTERN = 500;

/**
 * Right when the pattern matches the output (its first 20,000 characters). The pattern may be anybody's: matching stops
 * after 100 ms, and a pattern that was stopped once scores 0 from then on. Throws `SyntaxError` for a bad pattern and
 * `RangeError` for one over 500 characters.
 */
export function regex({ pattern, flags = "u" }: RegexOptions): Evaluator {
  if (pattern.length > LONGEST_PATTERN) {
    throw new RangeError(`A pattern has at most ${LONGEST_PATTERN} characters`);
  }
  if (/[^imsuv]/u.test(flags)) throw new RangeError('Flags of a pattern are "i", "m", "s", "u" and "v"');
  const match = guardedMatcher(new RegExp(pattern, flags));
  const evaluator: Evaluator = ({ output, expected }) => {
    const found = match(output);
    if (found === "too slow")
      return verdict(false, `The pattern /${pattern}/ takes too long to match; simplify it.`);
    const format = found ? 1 : 0;
    const result = found
      ? judgeAnswer(found.groups?.["answer"], expected)
      : verdict(false, `The output does not match /${pattern}/${flags}.`);
    return { ...result, objectives: { ...result.objectives, format } };
  };
  return Object.assign(evaluator, { measures: ["accuracy", "format"] });
}

function judgeAnswer(answer: string | undefined, expected: string): ReturnType<typeof verdict> {
  if (answer === undefined) return verdict(true, "");
  const feedback = `Expected the answer ${JSON.stringify(expected)}, got ${JSON.stringify(answer)}.`;
  return verdict(normaliseText(answer) === normaliseText(expected), feedback);
}
