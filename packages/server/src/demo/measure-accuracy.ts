import type { AgentVersion, RecordedExecution } from "@agent-learning/contract";
import type { RoutingAgent } from "./routing-agent.ts";
import type { DemoWorld } from "./world.ts";

const BATCH = 200;

/**
 * Runs a version on the held-out messages in the staging environment and records each answer with the label beside it: what the
 * final table counts. Staging executions reach no experiment and no dataset.
 */
export async function measureAccuracy(
  world: DemoWorld,
  agent: RoutingAgent,
  version: AgentVersion,
  phase: "before" | "after",
): Promise<void> {
  const { heldOut } = world.split;
  const bar = world.report.bar(`held-out messages, ${phase}`, heldOut.length);
  await agent.prepare(version.config, heldOut, () => bar.tick());
  bar.done();
  for (let start = 0; start < heldOut.length; start += BATCH) {
    const executions = [];
    for (const [index, message] of heldOut.slice(start, start + BATCH).entries()) {
      const { output, latencyMs } = await agent.answer(version.config, "held-out", message.text);
      executions.push({
        agent_id: world.agent.slug,
        execution_id: `held-out-${phase}-${start + index}`,
        version_id: version.id,
        environment: "staging",
        input_text: message.text,
        output_text: output,
        status: "succeeded",
        latency_ms: latencyMs,
        metadata: { phase, expected: message.category, row: start + index },
      });
    }
    await world.people.engineer.post<{ executions: RecordedExecution[] }>("/executions", { executions });
  }
}
