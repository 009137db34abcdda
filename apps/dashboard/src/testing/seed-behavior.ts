import type { Annotation } from "./wire.ts";
import { addColleague, type Api, forEach } from "./api.ts";

/** Tools with hostile names, called by the agent and by experts in another order, approved by a colleague. */
export async function seedBehavior(
  agent: string,
  machine: Api,
  admin: Api,
  url: string,
  texts: readonly string[],
): Promise<void> {
  const tools = texts.map((text) => text.slice(0, 100).trim()).filter((text) => text !== "");
  const at = (index: number): string => tools[index % tools.length] ?? "tool";
  await machine.post("/executions", {
    executions: Array.from({ length: 120 }, (_, index) => ({
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
  // The agent asks for two people.
  const people = [
    await addColleague(admin, url, "Rita", "reviewer"),
    await addColleague(admin, url, "Rolf", "reviewer"),
  ];
  await forEach(Array.from({ length: 20 }), async (_, index) => {
    const steps = [at(0), at(1), at(index)].map((tool) => ({
      action: at(index),
      tool,
      observation: at(index + 2),
    }));
    const shown = await admin.post<{ id: string }>("/demonstrations", {
      agent_id: agent,
      input: at(index + 4),
      output: at(index + 5),
      steps,
      rationale: at(index + 6),
    });
    for (const { api } of people) {
      await api.post<Annotation>("/annotations", {
        learning_example_id: shown.id,
        decision: "approve",
        technical_accuracy: 0.9,
        professional_quality: 0.9,
        completeness: 0.8,
        clarity: 0.9,
      });
    }
  });
}
