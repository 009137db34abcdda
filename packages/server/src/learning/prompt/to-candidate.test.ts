import { agentVersionConfig } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { toCandidate, withCandidate } from "./to-candidate.ts";

const config = agentVersionConfig.parse({
  runtime: "model",
  components: { system_prompt: "Route." },
  demonstrations: [
    { input: "a", output: "b", example_id: "1" },
    { input: "c", output: "d" },
  ],
  playbook: [{ id: "r", text: "Be brief.", evidence_ids: ["1"], helpful: 2, harmful: 1 }],
  retrieval: { k: 3 },
  model: { name: "small" },
  adapter: { path: "x" },
  parameters: { temperature: 0 },
});

describe("toCandidate and withCandidate", () => {
  it("give a version back unchanged", () => {
    expect(agentVersionConfig.parse(withCandidate(config, toCandidate(config)))).toEqual(config);
  });

  it("change what prompt learning may change and keep the rest", () => {
    const candidate = { ...toCandidate(config), demonstrations: [], components: { system_prompt: "New." } };
    expect(withCandidate(config, candidate)).toEqual({
      ...config,
      demonstrations: [],
      components: { system_prompt: "New." },
    });
  });
});
