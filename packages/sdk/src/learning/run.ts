import { LearningError, messageOf, type Report } from "../errors.ts";
import { newId } from "../new-id.ts";
import type { Resolution } from "../serving/types.ts";
import type { ExecutionRecord } from "../telemetry/evidence.ts";
import type { ToolParts } from "../tools/tool-parts.ts";
import type { Clock } from "../transport/clock.ts";
import type { Learning, RunDetails } from "./learning.ts";

interface RunOptions {
  clock: Clock;
  resolve: (unit: string) => Resolution;
  record: (execution: ExecutionRecord) => unknown;
  report: Report;
  tools: Pick<ToolParts, "createToolRecorder">;
}

/** The name of what was thrown, for `error_type`. */
function nameOf(error: unknown): string {
  try {
    return error instanceof Error ? error.name : typeof error;
  } catch {
    return "unknown";
  }
}

export function createRun({ clock, resolve, record, report, tools }: RunOptions): Learning["run"] {
  return async (unit, work, given) => {
    const executionId = given?.executionId ?? newId(clock.now());
    const resolution = resolve(unit);
    let details: RunDetails = { ...given };
    const describe = (more: RunDetails): void => {
      details = { ...details, ...more };
    };
    const started = clock.monotonic();
    const { tool, calls } = tools.createToolRecorder(clock);

    const finish = (described: RunDetails): void => {
      const { inputText } = described;
      if (inputText === undefined) {
        const message = "a run is not recorded: give inputText to run(), or describe it inside";
        report(new LearningError("invalid", message, { lost: 1 }));
        return;
      }
      const unitId = resolution.reason === "invalid_unit" ? undefined : unit;
      const latencyMs = clock.monotonic() - started;
      record({ latencyMs, toolCalls: calls(), ...described, inputText, executionId, resolution, unitId });
    };

    let result: Awaited<ReturnType<typeof work>>;
    try {
      result = await work({ executionId, resolution, describe, tool });
    } catch (error) {
      finish({ ...details, status: "failed", errorType: nameOf(error), errorMessage: messageOf(error) });
      throw error;
    }
    finish(typeof result === "string" ? { outputText: result, ...details } : details);
    return result;
  };
}
