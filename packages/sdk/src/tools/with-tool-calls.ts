import type { JsonValue } from "../json.ts";
import type { ExecutionRecord, ToolCall } from "../telemetry/evidence.ts";
import { keepValue } from "./keep-value.ts";

/** Calls of one execution that are sent; a longer run is cut. */
const MOST_CALLS = 200;
/** Characters of arguments and results of one execution; later calls are sent without theirs. */
const MOST_CHARACTERS = 100_000;
const MAXIMUM_NAME = 100;
const MAXIMUM_ERROR = 1_000;

function toWire(call: ToolCall, hasRoom: (value: JsonValue | undefined) => boolean): JsonValue {
  const { tool, error, durationMs } = call;
  const wire: Record<string, JsonValue> = { tool: String(tool).slice(0, MAXIMUM_NAME) };
  const failed = call.failed ?? (error === undefined ? undefined : true);
  const values = { arguments: keepValue(call.arguments), result: keepValue(call.result) };
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && hasRoom(value)) wire[name] = value;
  }
  if (failed !== undefined) wire["failed"] = failed;
  if (error !== undefined) wire["error"] = error.slice(0, MAXIMUM_ERROR);
  if (durationMs !== undefined && Number.isFinite(durationMs)) wire["duration_ms"] = durationMs;
  return wire;
}

/** The record with its tool calls where behaviour learning looks for them: in `metadata.tool_calls`. */
export function withToolCalls(record: ExecutionRecord): ExecutionRecord {
  const { toolCalls } = record;
  if (toolCalls === undefined) return record;
  let characters = 0;
  const hasRoom = (value: JsonValue | undefined): boolean => {
    characters += JSON.stringify(value)?.length ?? 0;
    return characters <= MOST_CHARACTERS;
  };
  const calls = toolCalls.slice(0, MOST_CALLS).map((call) => toWire(call, hasRoom));
  return { ...record, metadata: { ...record.metadata, tool_calls: calls } };
}
