import type { CreateDemonstration } from "@agent-learning/contract";
import type { ExecutionRecord, ExpertDemonstration } from "../telemetry/evidence.ts";
import type { Clock } from "../transport/clock.ts";
import { demonstrationToWire } from "./demonstration-to-wire.ts";
import { createToolRecorder, type ToolRecorder } from "./tool-recorder.ts";
import { withToolCalls } from "./with-tool-calls.ts";

/** What agents with tools need of the SDK. */
export interface ToolParts {
  createToolRecorder(clock: Pick<Clock, "monotonic">): ToolRecorder;
  withToolCalls(record: ExecutionRecord): ExecutionRecord;
  demonstrationToWire(demonstration: ExpertDemonstration, agentId: string): CreateDemonstration;
}

export const toolParts: ToolParts = { createToolRecorder, withToolCalls, demonstrationToWire };
