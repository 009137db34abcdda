import { wilsonInterval } from "@agent-learning/statistics";
import { toolsOf, type Trace } from "./trace.ts";

/** What stands before the first call and after the last one. */
export const START = "(start)";
export const END = "(end)";

const NODE_RUNS = 20;
const EDGE_RUNS = 5;

/** One tool: how often it was called, how long it took, how often it failed. */
export interface ToolNode {
  tool: string;
  calls: number;
  /** Runs in which it was called. */
  traces: number;
  /** Calls of which somebody said whether they failed. */
  judged: number;
  failed: number;
  /** Share of the judged calls that failed, with Wilson's 95 % interval; null where none was judged. */
  failureRate: { estimate: number; lower: number; upper: number } | null;
  /** Of the calls that were timed; null where none was. */
  milliseconds: { mean: number; median: number } | null;
  /** Runs in which it was called, at most 20: those in which it failed first, of each the last in the list of runs first. */
  runIds: string[];
}

/** How often one call directly followed another one. */
export interface ToolEdge {
  from: string;
  to: string;
  count: number;
  /** Runs in which it happened. */
  traces: number;
  /** `count` as a share of everything that followed `from`. */
  share: number;
  /** Runs in which it happened, at most 5, the last in the list of runs first. */
  runIds: string[];
}

export interface DirectlyFollowsGraph {
  traces: number;
  /** Most called first. */
  nodes: ToolNode[];
  /** Most frequent first. */
  edges: ToolEdge[];
}

/** The directly-follows graph of the tool calls of runs (van der Aalst 2016, section 7.2), from the start of a run to its end. */
export function directlyFollowsGraph(traces: readonly Trace[]): DirectlyFollowsGraph {
  const nodes = new Map<string, NodeSums>();
  const edges = new Map<string, ToolEdge>();
  const leaving = new Map<string, number>();
  for (const trace of traces) {
    const seen = new Map<string, boolean>();
    for (const call of trace.calls) {
      const node = nodes.get(call.tool) ?? newSums();
      nodes.set(call.tool, node);
      node.calls += 1;
      if (!seen.has(call.tool)) node.traces += 1;
      seen.set(call.tool, call.failed === true || seen.get(call.tool) === true);
      if (call.failed !== undefined) node.judged += 1;
      if (call.failed === true) node.failed += 1;
      if (call.milliseconds !== undefined) node.times.push(call.milliseconds);
    }
    for (const [tool, failed] of seen)
      keepLast((nodes.get(tool) as NodeSums)[failed ? "failing" : "others"], trace.id, NODE_RUNS);
    const followed = new Set<string>();
    const path = [START, ...toolsOf(trace), END];
    for (let i = 1; i < path.length; i += 1) {
      const from = path[i - 1] as string;
      const to = path[i] as string;
      const key = JSON.stringify([from, to]);
      const edge = edges.get(key) ?? { from, to, count: 0, traces: 0, share: 0, runIds: [] };
      edges.set(key, edge);
      edge.count += 1;
      if (!followed.has(key)) {
        edge.traces += 1;
        keepLast(edge.runIds, trace.id, EDGE_RUNS);
      }
      followed.add(key);
      leaving.set(from, (leaving.get(from) ?? 0) + 1);
    }
  }
  return {
    traces: traces.length,
    nodes: [...nodes]
      .map(([tool, sums]) => presentNode(tool, sums))
      .sort((one, other) => other.calls - one.calls || compare(one.tool, other.tool)),
    edges: [...edges.values()]
      .map((edge) => ({ ...edge, share: edge.count / (leaving.get(edge.from) as number) }))
      .sort(
        (one, other) => other.count - one.count || compare(one.from, other.from) || compare(one.to, other.to),
      ),
  };
}

/**
 * Replay fitness of runs on a graph: the mean over runs of the share of their steps, start and end included, that the graph knows.
 * Undefined without runs. Of runs that the graph was not made from, it says how well the graph describes how work is done.
 */
export function replayFitness(graph: DirectlyFollowsGraph, traces: readonly Trace[]): number | undefined {
  if (traces.length === 0) return undefined;
  const known = new Set(graph.edges.map(({ from, to }) => JSON.stringify([from, to])));
  const shares = traces.map((trace) => {
    const path = [START, ...toolsOf(trace), END];
    const steps = path.slice(1).map((to, i) => JSON.stringify([path[i], to]));
    return steps.filter((step) => known.has(step)).length / steps.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

interface NodeSums {
  calls: number;
  traces: number;
  judged: number;
  failed: number;
  times: number[];
  /** Runs in which it failed, and the others; the last first. */
  failing: string[];
  others: string[];
}

function newSums(): NodeSums {
  return { calls: 0, traces: 0, judged: 0, failed: 0, times: [], failing: [], others: [] };
}

/** Puts an id first and lets go of what is too many. */
function keepLast(ids: string[], id: string, most: number): void {
  ids.unshift(id);
  if (ids.length > most) ids.pop();
}

function presentNode(tool: string, sums: NodeSums): ToolNode {
  const { calls, traces, judged, failed, times, failing, others } = sums;
  return {
    tool,
    calls,
    traces,
    judged,
    failed,
    failureRate: judged === 0 ? null : { estimate: failed / judged, ...wilsonInterval(failed, judged) },
    milliseconds: times.length === 0 ? null : { mean: mean(times), median: median(times) },
    runIds: [...failing, ...others].slice(0, NODE_RUNS),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
