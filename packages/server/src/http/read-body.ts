import type { FieldError } from "@agent-learning/contract";
import { bareNumbers, missingNumber } from "./missing-numbers.ts";
import { ProblemError } from "./problem-error.ts";

const MAXIMUM_DEPTH = 64;
const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);
// Cheap signs in the raw text; only a body that shows one is walked.
const SUSPICIOUS =
  /\\u0000|\\ud[89a-f]|__proto__|constructor|prototype|\\u00[5-7][0-9a-f]|\d[eE]\+?\d{3}|\d{200}/i;

function tooDeep(raw: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < raw.length; index += 1) {
    const code = raw.charCodeAt(index);
    if (quoted) {
      if (code === 0x5c) index += 1;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > MAXIMUM_DEPTH) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}

function badText(value: string): string | undefined {
  if (value.includes("\u0000")) return "contains a NUL character, which cannot be stored: remove it";
  if (!value.isWellFormed())
    return "contains half of a surrogate pair, which is not text: send well-formed Unicode";
  return undefined;
}

function inspect(value: unknown, path: string, errors: FieldError[]): void {
  if (errors.length >= 10) return;
  if (typeof value === "string") {
    const message = badText(value);
    if (message !== undefined) errors.push({ path, message });
  } else if (typeof value === "number") {
    // JSON.parse reads 1e999 as infinity, which would be stored as null.
    const message = missingNumber(value);
    if (message !== undefined) errors.push({ path, message });
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => inspect(item, `${path}.${index}`, errors));
  } else if (typeof value === "object" && value !== null) {
    for (const key of Object.getOwnPropertyNames(value)) {
      if (FORBIDDEN_KEYS.has(key))
        errors.push({ path: `${path}.${key}`, message: "is not allowed as a field name" });
      const message = badText(key);
      if (message !== undefined) errors.push({ path, message: `a field name ${message}` });
      else inspect((value as Record<string, unknown>)[key], `${path}.${key}`, errors);
    }
  }
}

/**
 * Parses a JSON body and refuses what no route may store: NUL, lone surrogates, infinite numbers, extreme depth,
 * prototype keys.
 * @throws ProblemError malformed-request, or unprocessable for NaN and infinite numbers, naming the field
 */
export function parseJsonBody(raw: string): unknown {
  if (raw === "") return undefined;
  if (tooDeep(raw)) {
    throw new ProblemError(
      "malformed-request",
      `The body is nested deeper than ${MAXIMUM_DEPTH} levels. Send a flatter document.`,
      {
        errors: [{ path: "body", message: `nested deeper than ${MAXIMUM_DEPTH} levels` }],
      },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch (error) {
    const errors = bareNumbers(raw);
    if (errors !== undefined) throw withoutNumbers(errors);
    throw new ProblemError("malformed-request", `The body is not JSON: ${(error as Error).message}`, {
      errors: [{ path: "body", message: "is not JSON" }],
    });
  }
  if (SUSPICIOUS.test(raw) || !raw.isWellFormed()) assertStorable(value, "body");
  return value;
}

/** Fields of a body that are NaN or infinite. */
export function withoutNumbers(errors: FieldError[]): ProblemError {
  return new ProblemError("unprocessable", `${errors[0]?.path} ${errors[0]?.message}.`, { errors });
}

/** @throws ProblemError malformed-request, or unprocessable for infinite numbers, when `value` holds what PostgreSQL cannot store */
export function assertStorable(value: unknown, path: string): void {
  const errors: FieldError[] = [];
  inspect(value, path, errors);
  if (errors.length > 0 && errors.every(({ message }) => message === missingNumber(Infinity))) {
    throw withoutNumbers(errors);
  }
  if (errors.length > 0) {
    throw new ProblemError(
      "malformed-request",
      `The request holds what cannot be stored: ${errors[0]?.path} ${errors[0]?.message}.`,
      {
        errors,
      },
    );
  }
}
