import type { CreateDemonstration } from "@agent-learning/contract";
import type { ExpertDemonstration } from "../telemetry/evidence.ts";

/** The demonstration in the contract's words. `undefined` fields fall away in JSON. */
export function demonstrationToWire(shown: ExpertDemonstration, agentId: string): CreateDemonstration {
  return {
    agent_id: agentId,
    input: shown.input,
    output: shown.output,
    context: shown.context,
    steps: (shown.steps ?? []).map(({ durationMs, ...step }) => ({ ...step, duration_ms: durationMs })),
    rationale: shown.rationale,
    expert: shown.expert,
    source_execution_id: shown.executionId,
    domain: shown.domain,
    task_type: shown.taskType,
    complexity: shown.complexity,
    jurisdictions: shown.jurisdictions,
    tags: shown.tags,
  };
}
