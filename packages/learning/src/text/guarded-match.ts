import { createContext, Script } from "node:vm";

/** Matches a text; null where the pattern does not. `too slow`: it was stopped, now or before. */
export type GuardedMatcher = (text: string) => RegExpExecArray | null | "too slow";

const LONGEST_TEXT = 20_000;
const MILLISECONDS = 100;

/**
 * Matches anybody's pattern against the first 20,000 characters of a text, under V8's watchdog: the only way to stop a regular
 * expression that backtracks without end. It is stopped after 100 ms, and one that was stopped once is too slow from then on.
 */
export function guardedMatcher(pattern: RegExp): GuardedMatcher {
  const scope: { pattern: RegExp; text: string; found: RegExpExecArray | null } = {
    pattern,
    text: "",
    found: null,
  };
  const context = createContext(scope);
  const script = new Script("found = pattern.exec(text)");
  let isSlow = false;
  return (text) => {
    if (isSlow) return "too slow";
    scope.text = text.slice(0, LONGEST_TEXT);
    try {
      script.runInContext(context, { timeout: MILLISECONDS });
    } catch (error) {
      if ((error as { code?: unknown }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      isSlow = true;
      return "too slow";
    }
    return scope.found;
  };
}
