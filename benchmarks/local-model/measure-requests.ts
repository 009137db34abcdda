import { type ChatMessage, runBounded } from "@agent-learning/learning";

/** What answers requests. */
export interface Side {
  name: string;
  ask(messages: readonly ChatMessage[]): Promise<string>;
}

export interface Timing {
  name: string;
  /** Of all requests of a round together. */
  seconds: number;
}

/** Asks all prompts, so many at a time. */
export async function measureRequests(
  side: Side,
  prompts: readonly (readonly ChatMessage[])[],
  atOnce: number,
): Promise<{ seconds: number; answers: string[] }> {
  const started = performance.now();
  const answers = await runBounded({ items: prompts, concurrency: atOnce, run: side.ask });
  return { seconds: (performance.now() - started) / 1_000, answers };
}

export interface Summary {
  lines: { side: string; rounds: number; "seconds (median)": number; "ms a request": number }[];
  /** The first side's median over the second's; undefined where there is one only. */
  ratio: number | undefined;
}

/** The median round of each side. */
export function summariseRounds(timings: readonly Timing[], requests: number): Summary {
  const sides = [...Map.groupBy(timings, ({ name }) => name)].map(([side, rounds]) => ({
    side,
    rounds: rounds.length,
    seconds: median(rounds.map(({ seconds }) => seconds)),
  }));
  const [first, second] = sides;
  return {
    lines: sides.map(({ side, rounds, seconds }) => ({
      side,
      rounds,
      "seconds (median)": Number(seconds.toFixed(1)),
      "ms a request": Math.round((seconds * 1_000) / requests),
    })),
    ratio: first === undefined || second === undefined ? undefined : first.seconds / second.seconds,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [upper = 0, lower = upper] = [sorted[middle], sorted[middle - 1]];
  return sorted.length % 2 === 1 ? upper : (upper + lower) / 2;
}
