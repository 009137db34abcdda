/** One call of a tool within a run. */
export interface ToolCall {
  tool: string;
  /** Undefined: nobody said. */
  failed?: boolean | undefined;
  /** Undefined: not measured. */
  milliseconds?: number | undefined;
}

/** The tool calls of one run, in order: an expert's demonstration or a run of the agent. */
export interface Trace {
  /** The example or the execution. */
  id: string;
  source: "expert" | "agent";
  /** Who showed it, or for whom the agent ran; runs of one contributor are not independent. */
  contributor: string;
  calls: readonly ToolCall[];
  /** Whether people were content with it; undefined: nobody said. */
  good?: boolean | undefined;
}

/** Characters that names of tools have; anything else could be text that speaks to a model. */
const TOOL_NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.:/-]{0,98}[A-Za-z0-9_])?$/u;

/** Whether a text can be the name of a tool: letters, digits and `_ . : / -`, at most 100. */
export function isToolName(text: string): boolean {
  return TOOL_NAME.test(text);
}

/** The tools of a trace, in order. */
export function toolsOf(trace: Trace): string[] {
  return trace.calls.map(({ tool }) => tool);
}

/** The traces of everybody but one contributor; what is learned from them is what was learned had there never been one. */
export function withoutContributor(traces: readonly Trace[], contributor: string): Trace[] {
  return traces.filter((trace) => trace.contributor !== contributor);
}
