import { unprocessable } from "../../http/problem-error.ts";

/** Clocks that agree this well are as good as one. */
const TOLERANCE_MILLISECONDS = 5 * 60_000;

/**
 * Refuses a time that cannot be: after now, or before something that comes first.
 * @throws ProblemError unprocessable naming the field and both times
 */
export function refuseImpossibleTime(
  path: string,
  occurredAt: string | undefined,
  bounds: { now: Date; notBefore: Date | null; whatComesFirst: string; advice: string },
): void {
  if (occurredAt === undefined) return;
  const time = Date.parse(occurredAt);
  if (time > bounds.now.getTime() + TOLERANCE_MILLISECONDS) {
    throw unprocessable(
      path,
      `lies in the future: it is ${bounds.now.toISOString()} here. Check the clock of the machine that reports it.`,
    );
  }
  if (bounds.notBefore !== null && time < bounds.notBefore.getTime() - TOLERANCE_MILLISECONDS) {
    throw unprocessable(
      path,
      `lies before ${bounds.whatComesFirst} at ${bounds.notBefore.toISOString()}. ${bounds.advice}`,
    );
  }
}
