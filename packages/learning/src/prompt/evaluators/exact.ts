import { type Evaluator, verdict } from "./evaluator.ts";

/** Right when the output is the expected text, white space at the ends aside. */
export const exact: Evaluator = ({ output, expected }) =>
  verdict(
    output.trim() === expected.trim(),
    `Expected exactly ${JSON.stringify(expected.trim())}, got ${JSON.stringify(output.trim())}.`,
  );
