import { type ChatMessage, runBounded } from "@agent-learning/learning";

/** What answers requests. */
export interface Side {
  name: string;
  ask(messages: readonly ChatMessage[]): Promise<string>;
  /** Processor time that it took so far, in seconds: what other work on the machine leaves as it is. */
  processorSeconds(): number;
}

export interface Timing {
  name: string;
  /** Of all requests of a round together. */
  seconds: number;
  processorSeconds: number;
}

/** Asks all prompts, so many at a time. */
export async function measureRequests(
  side: Side,
  prompts: readonly (readonly ChatMessage[])[],
  atOnce: number,
): Promise<Timing & { answers: string[] }> {
  const started = performance.now();
  const before = side.processorSeconds();
  const answers = await runBounded({
    items: prompts,
    concurrency: atOnce,
    run: (prompt) => side.ask(prompt),
  });
  return {
    name: side.name,
    seconds: (performance.now() - started) / 1_000,
    processorSeconds: side.processorSeconds() - before,
    answers,
  };
}

export interface Summary {
  lines: {
    side: string;
    rounds: number;
    "seconds (median)": number;
    "processor seconds (median)": number;
    "ms a request": number;
  }[];
  /** The first side's median over the second's; undefined where there is one only. */
  ratio: { seconds: number; processorSeconds: number } | undefined;
}

/** The median round of each side. */
export function summariseRounds(timings: readonly Timing[], requests: number): Summary {
  const sides = [...Map.groupBy(timings, ({ name }) => name)].map(([side, rounds]) => ({
    side,
    rounds: rounds.length,
    seconds: median(rounds.map(({ seconds }) => seconds)),
    processorSeconds: median(rounds.map(({ processorSeconds }) => processorSeconds)),
  }));
  const [first, second] = sides;
  return {
    lines: sides.map(({ side, rounds, seconds, processorSeconds }) => ({
      side,
      rounds,
      "seconds (median)": Number(seconds.toFixed(1)),
      "processor seconds (median)": Number(processorSeconds.toFixed(1)),
      "ms a request": Math.round((seconds * 1_000) / requests),
    })),
    ratio:
      first === undefined || second === undefined
        ? undefined
        : {
            seconds: first.seconds / second.seconds,
            processorSeconds: first.processorSeconds / second.processorSeconds,
          },
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [upper = 0, lower = upper] = [sorted[middle], sorted[middle - 1]];
  return sorted.length % 2 === 1 ? upper : (upper + lower) / 2;
}
