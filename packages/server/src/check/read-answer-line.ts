import { MAXIMUM_TEXT } from "@agent-learning/contract";
import type { AgentAnswer } from "@agent-learning/learning";

/** One line of an agent. Without an id it is taken for the oldest question. */
export interface AnswerLine {
  id: string | undefined;
  answer: AgentAnswer;
}

const MOST_ERROR = 2_000;

function outputOf(value: unknown): AgentAnswer {
  if (value === undefined || value === null) return { error: "the answer has no output" };
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.length > MAXIMUM_TEXT) return { error: `the output is longer than ${MAXIMUM_TEXT} characters` };
  if (!text.isWellFormed() || text.includes("\0"))
    return { error: "the output has characters that no text may have (NUL or half a surrogate pair)" };
  return { output: text };
}

/** Reads a line of an agent: an answer, its error, or what is wrong with the line itself. */
export function readAnswerLine(line: string): AnswerLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    const shown = line.length > 120 ? `${line.slice(0, 120)}…` : line;
    return {
      id: undefined,
      answer: {
        error: `the command wrote a line that is not JSON (logs belong on standard error): ${shown.replaceAll("\0", "")}`,
      },
    };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { id: undefined, answer: { error: "the command wrote a line that is no JSON object" } };
  const { id, output, error } = value as { id?: unknown; output?: unknown; error?: unknown };
  const known = typeof id === "string" ? id : undefined;
  if (error !== undefined && error !== null) {
    const text = (typeof error === "string" ? error : JSON.stringify(error)).trim().toWellFormed();
    return {
      id: known,
      answer: { error: text.replaceAll("\0", "").slice(0, MOST_ERROR) || "the agent gave an empty error" },
    };
  }
  return { id: known, answer: outputOf(output) };
}
