import {
  type AssociationStratum,
  exactAssociation,
  falseDiscoveryAdjusted,
} from "@agent-learning/statistics";
import { closedPatterns, containsPattern, type SequentialPattern } from "./closed-patterns.ts";
import { toolsOf, type Trace } from "./trace.ts";

/** Something that experts do significantly more often than the agent, or the agent than experts. */
export interface Departure {
  tools: string[];
  direction: "experts_do" | "agent_does";
  /** Runs with the pattern, and runs, of each side. */
  expert: { runs: number; of: number };
  agent: { runs: number; of: number };
  /** Two-sided, Fisher's exact test. */
  pValue: number;
  /** Adjusted for all patterns that were tested. */
  adjusted: number;
  /** Given the patterns listed before it that share a tool with it. */
  conditional: number;
  /** The largest p value with any one contributor left out. */
  withoutAnyOne: number;
  /** Runs with it on the side that does it. */
  evidenceIds: string[];
  /** Who they are of, sorted. */
  contributors: string[];
}

export interface DepartureOptions {
  /** Expected share of false ones among the departures; default 0.05. */
  level?: number;
  /** Share of either side's runs that a pattern must be in; default 0.1. */
  leastShare?: number;
  /** Contributors who must show it on the side that does it; default 2. */
  leastContributors?: number;
  /** Tools in a pattern at most; default 5. */
  longest?: number;
  /** Closed patterns compared at most; default 10,000. */
  most?: number;
}

/** A closed sequential pattern, and how many runs of each side have it. */
export interface ComparedPattern {
  tools: string[];
  expert: { runs: number; of: number };
  agent: { runs: number; of: number };
  /** Runs with it, at most 5 of each side, the last in the list of runs first. */
  expertIds: string[];
  agentIds: string[];
}

export interface Departures {
  /** The patterns that were found, those in most runs first, of equals the longer; at most 100, of two tools or more. */
  patterns: ComparedPattern[];
  departures: Departure[];
  /** Closed patterns that were compared. */
  tested: number;
  /** Too many patterns were frequent: only the first were compared. */
  truncated: boolean;
}

/** Below it in number, neither side can show anything at a level that survives the adjustment. */
const FEWEST_RUNS = 5;

/**
 * Where experts depart from the agent. Closed patterns of all runs together, chosen without looking at whose they are, are compared by
 * Fisher's exact test; the false discovery rate is controlled whatever their dependence (Benjamini and Yekutieli 2001). Of those
 * significant, the strongest stand for the others: a pattern stays only if it still differs, by the exact test over strata, among runs
 * that agree in the patterns kept before it that share a tool with it, and if no single contributor makes the difference. Parts and
 * variants of one habit are one discovery: what is kept as the k-th has to reach the level of the k-th of all patterns compared, or
 * else the hundred variants of one habit would let in five false ones.
 */
export function findDepartures(traces: readonly Trace[], options: DepartureOptions = {}): Departures {
  const { level = 0.05, leastShare = 0.1, leastContributors = 2, longest = 5, most = 10_000 } = options;
  const isExpert = traces.map(({ source }) => source === "expert");
  const experts = isExpert.filter(Boolean).length;
  const smaller = Math.min(experts, traces.length - experts);
  const isComparable = smaller >= FEWEST_RUNS;
  // Where one side is too small to be compared, the other's own patterns are still worth a look.
  const leastSupport = Math.max(
    3,
    Math.ceil(leastShare * (isComparable ? smaller : traces.length - smaller)),
  );
  const found = closedPatterns(traces, { leastSupport, longest, most });
  const { truncated } = found;
  const patterns = describePatterns(found.patterns, traces);
  if (!isComparable) return { departures: [], patterns, tested: 0, truncated };
  const tested = found.patterns.map((pattern): Tested => {
    const has = new Uint8Array(traces.length);
    for (const trace of pattern.traces) has[trace] = 1;
    const table = tableOf(has, isExpert);
    return { tools: pattern.tools, has, table, pValue: exactAssociation([table]).twoSided };
  });
  const adjusted = falseDiscoveryAdjusted(
    tested.map(({ pValue }) => pValue),
    "any",
  );
  const significant = tested
    .map((one, i) => ({ ...one, adjusted: adjusted[i] as number }))
    .filter((one) => one.adjusted <= level)
    // Of equals the longer one says more.
    .sort((one, other) => one.pValue - other.pValue || other.tools.length - one.tools.length);
  const harmonic = tested.reduce((sum, _, i) => sum + 1 / (i + 1), 0);

  const departures: Departure[] = [];
  const kept: Tested[] = [];
  for (const one of significant) {
    const related = kept.filter(({ tools }) => tools.some((tool) => one.tools.includes(tool)));
    const conditional = exactAssociation(strataOf(one.has, isExpert, related)).twoSided;
    if (conditional > (level * (kept.length + 1)) / (tested.length * harmonic)) continue;
    const { firstHave, first, secondHave, second } = one.table;
    const expertsDo = firstHave * second > secondHave * first;
    const evidence = traces.filter((_, i) => one.has[i] === 1 && isExpert[i] === expertsDo);
    const contributors = [...new Set(evidence.map(({ contributor }) => contributor))].sort();
    if (contributors.length < leastContributors) continue;
    const withoutAnyOne = largestWithoutOne(one, traces, isExpert, contributors);
    if (withoutAnyOne > level) continue;
    kept.push(one);
    departures.push({
      tools: one.tools,
      direction: expertsDo ? "experts_do" : "agent_does",
      expert: { runs: firstHave, of: first },
      agent: { runs: secondHave, of: second },
      pValue: one.pValue,
      adjusted: one.adjusted,
      conditional,
      withoutAnyOne,
      evidenceIds: evidence.map(({ id }) => id),
      contributors,
    });
  }
  return { departures, patterns, tested: tested.length, truncated };
}

const SHOWN_PATTERNS = 100;
const SHOWN_RUNS = 5;

function describePatterns(
  patterns: readonly SequentialPattern[],
  traces: readonly Trace[],
): ComparedPattern[] {
  const experts = traces.filter(({ source }) => source === "expert").length;
  return patterns
    .filter(({ tools }) => tools.length > 1)
    .sort((one, other) => other.traces.length - one.traces.length || other.tools.length - one.tools.length)
    .slice(0, SHOWN_PATTERNS)
    .map(({ tools, traces: at }) => {
      const having = at.map((index) => traces[index] as Trace).reverse();
      const idsOf = (source: Trace["source"]): string[] =>
        having.filter((trace) => trace.source === source).map(({ id }) => id);
      const [expertIds, agentIds] = [idsOf("expert"), idsOf("agent")];
      return {
        tools,
        expert: { runs: expertIds.length, of: experts },
        agent: { runs: agentIds.length, of: traces.length - experts },
        expertIds: expertIds.slice(0, SHOWN_RUNS),
        agentIds: agentIds.slice(0, SHOWN_RUNS),
      };
    });
}

/** Of each trace, whether it has the pattern of a departure. */
export function followsPattern(trace: Trace, { tools }: Pick<Departure, "tools">): boolean {
  return containsPattern(toolsOf(trace), tools);
}

interface Tested {
  tools: string[];
  has: Uint8Array;
  table: AssociationStratum;
  pValue: number;
}

type Counts = { -readonly [Key in keyof AssociationStratum]: AssociationStratum[Key] };

function emptyTable(): Counts {
  return { firstHave: 0, first: 0, secondHave: 0, second: 0 };
}

function addRun(table: Counts, isExpert: boolean, has: number): void {
  if (isExpert) {
    table.first += 1;
    table.firstHave += has;
  } else {
    table.second += 1;
    table.secondHave += has;
  }
}

function tableOf(has: Uint8Array, isExpert: readonly boolean[]): AssociationStratum {
  const table = emptyTable();
  for (const [i, expert] of isExpert.entries()) addRun(table, expert, has[i] as number);
  return table;
}

/** Runs that have the same of the related patterns are one stratum. */
function strataOf(
  has: Uint8Array,
  isExpert: readonly boolean[],
  related: readonly Tested[],
): AssociationStratum[] {
  const strata = new Uint32Array(isExpert.length);
  let count = 1;
  for (const other of related) {
    // What each half of each stratum is called now, from 1 on; 0: it has not been met.
    const parts = new Uint32Array(2 * count);
    let met = 0;
    for (let i = 0; i < strata.length; i += 1) {
      const part = 2 * (strata[i] as number) + (other.has[i] as number);
      if (parts[part] === 0) parts[part] = met += 1;
      strata[i] = (parts[part] as number) - 1;
    }
    count = met;
  }
  const tables = Array.from({ length: count }, emptyTable);
  for (let i = 0; i < strata.length; i += 1)
    addRun(tables[strata[i] as number] as Counts, isExpert[i] as boolean, has[i] as number);
  return tables;
}

function largestWithoutOne(
  { has, table }: Tested,
  traces: readonly Trace[],
  isExpert: readonly boolean[],
  contributors: readonly string[],
): number {
  const own = new Map(contributors.map((contributor) => [contributor, emptyTable()]));
  for (const [i, { contributor }] of traces.entries()) {
    const theirs = own.get(contributor);
    if (theirs !== undefined) addRun(theirs, isExpert[i] as boolean, has[i] as number);
  }
  return Math.max(
    ...[...own.values()].map((theirs) => {
      const others = {
        firstHave: table.firstHave - theirs.firstHave,
        first: table.first - theirs.first,
        secondHave: table.secondHave - theirs.secondHave,
        second: table.second - theirs.second,
      };
      return exactAssociation([others]).twoSided;
    }),
  );
}
