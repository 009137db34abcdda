import { type Api, forEach } from "./api.ts";

/** Tools with hostile names that the agent called, and demonstrations with them that wait for a judgement. */
export async function seedBehavior(
  agent: string,
  machine: Api,
  admin: Api,
  texts: readonly string[],
): Promise<void> {
  const tools = texts.map((text) => text.slice(0, 100).trim()).filter((text) => text !== "");
  const at = (index: number): string => tools[index % tools.length] ?? "tool";
  await machine.post("/executions", {
    executions: Array.from({ length: 40 }, (_, index) => ({
      agent_id: agent,
      execution_id: `tools-${index}`,
      user_id: `user-${index}`,
      input_text: at(index),
      output_text: at(index + 1),
      status: "succeeded",
      metadata: {
        tool_calls: [0, 1, 2].map((step) => ({
          tool: at(index * 3 + step),
          failed: step === 2,
          duration_ms: 9,
        })),
      },
    })),
  });
  await forEach(Array.from({ length: 10 }), async (_, index) => {
    const steps = [at(0), at(1), at(index)].map((tool) => ({
      action: at(index),
      tool,
      observation: at(index + 2),
    }));
    await admin.post("/demonstrations", {
      agent_id: agent,
      input: at(index + 4),
      output: at(index + 5),
      steps,
      rationale: at(index + 6),
    });
  });
}
