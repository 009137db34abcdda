import { messageOf } from "../errors.ts";
import type { Run } from "../learning/learning.ts";
import type { ToolCall } from "../telemetry/evidence.ts";
import type { Clock } from "../transport/clock.ts";
import { keepValue } from "./keep-value.ts";

export interface ToolRecorder {
  tool: Run["tool"];
  /** What was called so far, in the order in which calls began; undefined when nothing was. */
  calls: () => ToolCall[] | undefined;
}

/** Calls tools for one run and notes what became of each. A call that is still running when the run ends has no result. */
export function createToolRecorder(clock: Pick<Clock, "monotonic">): ToolRecorder {
  const noted: ToolCall[] = [];
  return {
    tool: async (name, toolArguments, call) => {
      // What the tool does to its arguments afterwards is not what it was called with.
      const note: ToolCall = { tool: name, arguments: keepValue(toolArguments) };
      noted.push(note);
      const started = clock.monotonic();
      try {
        const result = await call(toolArguments);
        note.durationMs = clock.monotonic() - started;
        note.failed = false;
        note.result = keepValue(result);
        return result;
      } catch (error) {
        note.durationMs = clock.monotonic() - started;
        note.failed = true;
        note.error = messageOf(error);
        throw error;
      }
    },
    calls: () => (noted.length === 0 ? undefined : [...noted]),
  };
}
