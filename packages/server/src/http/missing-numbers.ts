import type { FieldError } from "@agent-learning/contract";

const NAMED = /^[+-]?(?:nan|inf|infinity)$/i;
/** Strings as they are, and outside them the names that Python and others write for what JSON has no number for. */
const BARE = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
const MARK = "\u0000";

const ADVICE = "which JSON has no number for: send a finite number, or leave it out";

/** What is wrong with a value that stands where a number is expected; undefined where it is not a number that went missing. */
export function missingNumber(value: unknown): string | undefined {
  if (typeof value === "string" && NAMED.test(value)) return `is ${value}, ${ADVICE}`;
  if (value === null) return `is null, as JavaScript writes NaN and Infinity, ${ADVICE}`;
  if (typeof value === "number" && !Number.isFinite(value)) return `is too large to be a number, ${ADVICE}`;
  return undefined;
}

/** The fields of a text that would be JSON but for bare NaN and Infinity; undefined where that is not what is wrong with it. */
export function bareNumbers(raw: string): FieldError[] | undefined {
  const marked = raw.replace(BARE, (token) =>
    token.startsWith('"') ? token : JSON.stringify(`${MARK}${token}`),
  );
  if (marked === raw) return undefined;
  const errors: FieldError[] = [];
  const find = (value: unknown, path: string): void => {
    if (errors.length >= 10) return;
    if (typeof value === "string" && value.startsWith(MARK)) {
      errors.push({ path, message: `is ${value.slice(MARK.length)}, ${ADVICE}` });
    } else if (typeof value === "object" && value !== null) {
      for (const [key, one] of Object.entries(value)) find(one, `${path}.${key}`);
    }
  };
  try {
    find(JSON.parse(marked), "body");
  } catch {
    return undefined;
  }
  return errors;
}
