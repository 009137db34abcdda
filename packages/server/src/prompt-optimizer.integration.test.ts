import { beforeEach, expect, it } from "vitest";
import { createContext } from "./create-context.ts";
import { PromptOptimizer } from "./prompt-optimizer.ts";
import { describeEachEngine } from "./testing/test-database.ts";
import { createTestAgent, createTestOrganization } from "./testing/test-organization.ts";
import { createTestServices, recordingJobQueue } from "./testing/test-services.ts";

const examples = ["refund", "invoice", "payslip"].flatMap((topic) =>
  Array.from({ length: 12 }, (_, index) => ({
    id: `${topic}-${index}`,
    inputText: `${["where is", "please send", "i need", "what about"][index % 4] ?? ""} my ${topic} ${["today", "again", "now"][index % 3] ?? ""} ${index}`,
    expectedOutput: topic,
  })),
);

describeEachEngine("PromptOptimizer", (context) => {
  let optimizer: PromptOptimizer;
  let jobs: ReturnType<typeof recordingJobQueue>;

  beforeEach(async () => {
    jobs = recordingJobQueue();
    const organization = await createTestOrganization(context.database);
    await createTestAgent(context.database, organization.id);
    const { id: userId, keyId } = organization.members.reviewer;
    const actor = { kind: "user", userId, role: "reviewer", keyId } as const;
    optimizer = new PromptOptimizer(
      createContext(createTestServices(context.database, { jobs }), organization.id, actor),
    );
  });

  it("starts a run", async () => {
    const run = await optimizer.optimize({
      agentId: "my-agent",
      currentPrompt: "Route.",
      optimizationGoals: ["accuracy"],
    });
    expect(run).toMatchObject({ training_type: "prompt_optimization", status: "pending" });
    expect(jobs.enqueued).toHaveLength(1);
  });

  it("generates variants from examples and scores them above an agent that knows nothing", async () => {
    const [variant, ...others] = await optimizer.generateVariants({
      agentId: "my-agent",
      learningExamples: examples,
    });
    expect(others.length).toBeLessThan(3);
    if (variant === undefined) throw new Error("no variant");
    const seed = { ...variant, demonstrations: [] };
    const [better, worse] = await optimizer.evaluateVariants({
      agentId: "my-agent",
      variants: [variant, seed],
      learningExamples: examples,
    });
    expect(better?.score).toBeGreaterThan((worse?.score ?? 1) + 0.5);
    expect(better).toMatchObject({ examples: 36, failed: 0 });
  });

  it("says how the agent does at present", async () => {
    const { statistics, issues } = await optimizer.analyzeCurrentPerformance("my-agent");
    expect(statistics).toMatchObject({ agent_id: expect.any(String) });
    expect(issues).toMatchObject({ agent_id: expect.any(String) });
  });

  it("incorporates a correction once", async () => {
    const correction = {
      agentId: "my-agent",
      exampleId: "e",
      inputText: "Where is it?",
      expectedOutput: "refund",
    };
    const version = await optimizer.incorporateCorrection(correction);
    expect(version.config.demonstrations).toEqual([
      { input: "Where is it?", output: "refund", example_id: "e" },
    ]);
    expect(version).toMatchObject({ origin: "prompt_optimization", review_status: "pending" });
    expect((await optimizer.incorporateCorrection(correction)).id).toBe(version.id);
  });
});
