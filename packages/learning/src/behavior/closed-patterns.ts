import { toolsOf, type Trace } from "./trace.ts";

/** Tools that were called in this order in many runs, whatever was called between them. */
export interface SequentialPattern {
  tools: string[];
  /** Positions in the list of traces, rising. */
  traces: number[];
}

export interface ClosedPatternOptions {
  /** Runs that a pattern must be in. */
  leastSupport: number;
  /** Tools in a pattern at most; default 5. */
  longest?: number;
  /** Patterns at most, and a tenth of what is looked at for them; default 10,000. Where more are frequent, `truncated` says so. */
  most?: number;
}

export interface ClosedPatterns {
  /** In lexicographic order of their tools. */
  patterns: SequentialPattern[];
  /** Stopped at `most`: raise `leastSupport`. */
  truncated: boolean;
}

/**
 * The closed frequent subsequences of tool calls: those that no longer one, of `longest` tools at most, has in exactly the same runs.
 * PrefixSpan (Pei et al. 2004) grows them, the two-way extension check of BIDE (Wang and Han 2004) tells which are closed.
 */
export function closedPatterns(traces: readonly Trace[], options: ClosedPatternOptions): ClosedPatterns {
  const { leastSupport, longest = 5, most = 10_000 } = options;
  const sequences = traces.map(toolsOf);
  const patterns: SequentialPattern[] = [];
  let truncated = false;
  let looked = 0;

  const grow = (tools: string[], projection: readonly Projection[]): void => {
    looked += 1;
    truncated ||= looked > 10 * most;
    if (truncated) return;
    if (tools.length > 0 && isClosed(tools, projection, sequences, longest)) {
      if (patterns.length >= most) {
        truncated = true;
        return;
      }
      patterns.push({ tools, traces: projection.map(({ trace }) => trace) });
    }
    if (tools.length >= longest) return;
    const extensions = new Map<string, Projection[]>();
    for (const { trace, next } of projection) {
      const sequence = sequences[trace] as string[];
      const seen = new Set<string>();
      for (let i = next; i < sequence.length; i += 1) {
        const tool = sequence[i] as string;
        if (seen.has(tool)) continue;
        seen.add(tool);
        const list = extensions.get(tool);
        if (list === undefined) extensions.set(tool, [{ trace, next: i + 1 }]);
        else list.push({ trace, next: i + 1 });
      }
    }
    for (const tool of [...extensions.keys()].sort()) {
      const extended = extensions.get(tool) as Projection[];
      if (extended.length >= leastSupport) grow([...tools, tool], extended);
    }
  };
  grow(
    [],
    sequences.map((_, trace) => ({ trace, next: 0 })),
  );
  return { patterns, truncated };
}

/** Whether the tools were called in this order, others between them or not. */
export function containsPattern(calls: readonly string[], tools: readonly string[]): boolean {
  let found = 0;
  for (const call of calls) if (call === tools[found]) found += 1;
  return found === tools.length;
}

interface Projection {
  trace: number;
  /** The position after the leftmost match. */
  next: number;
}

/**
 * No tool can be put in at any place without losing a run. What may stand at place i of a run lies between the end of the leftmost
 * match of the first i tools and the start of the rightmost match of the others: BIDE's i-th maximum period.
 */
function isClosed(
  tools: readonly string[],
  projection: readonly Projection[],
  sequences: readonly (readonly string[])[],
  longest: number,
): boolean {
  if (tools.length >= longest) return true;
  const possible: (Set<string> | undefined)[] = tools.map(() => undefined);
  possible.push(undefined);
  for (const { trace } of projection) {
    const sequence = sequences[trace] as readonly string[];
    const left = leftmostEnds(sequence, tools);
    const right = rightmostStarts(sequence, tools);
    let open = false;
    for (let place = 0; place <= tools.length; place += 1) {
      const before = possible[place];
      if (before?.size === 0) continue;
      const period = sequence.slice(left[place], right[place]);
      const kept = new Set(before === undefined ? period : period.filter((tool) => before.has(tool)));
      possible[place] = kept;
      open ||= kept.size > 0;
    }
    if (!open) return true;
  }
  return false;
}

/** For each number of tools, the position after their leftmost match. */
function leftmostEnds(sequence: readonly string[], tools: readonly string[]): number[] {
  const ends = [0];
  let at = 0;
  for (const tool of tools) {
    at = sequence.indexOf(tool, at) + 1;
    ends.push(at);
  }
  return ends;
}

/** For each number of leading tools left out, the position at which the rightmost match of the others starts. */
function rightmostStarts(sequence: readonly string[], tools: readonly string[]): number[] {
  const starts = [sequence.length];
  let at = sequence.length;
  for (const tool of tools.toReversed()) {
    at = at === 0 ? 0 : sequence.lastIndexOf(tool, at - 1);
    starts.push(at);
  }
  return starts.reverse();
}
