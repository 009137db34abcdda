import type { AgentVersionConfig } from "@agent-learning/contract";
import type { Candidate } from "@agent-learning/learning";

/** A version's config as prompt learning sees it: what it may change. */
export function toCandidate(config: AgentVersionConfig): Candidate {
  return {
    runtime: config.runtime,
    components: config.components,
    demonstrations: config.demonstrations.map(({ input, output, example_id: exampleId }) => ({
      input,
      output,
      ...(exampleId === undefined ? {} : { exampleId }),
    })),
    playbook: config.playbook.map(({ id, text, evidence_ids: evidenceIds, helpful, harmful }) => ({
      id,
      text,
      evidenceIds,
      helpful,
      harmful,
    })),
    parameters: config.parameters,
  };
}

/** The base version with what prompt learning changed; model, adapter and retrieval settings stay. */
export function withCandidate(base: AgentVersionConfig, candidate: Candidate): AgentVersionConfig {
  return {
    ...base,
    runtime: candidate.runtime,
    components: candidate.components,
    demonstrations: candidate.demonstrations.map(({ input, output, exampleId }) => ({
      input,
      output,
      ...(exampleId === undefined ? {} : { example_id: exampleId }),
    })),
    playbook: (candidate.playbook ?? []).map((rule) => ({
      id: rule.id,
      text: rule.text,
      evidence_ids: rule.evidenceIds,
      helpful: rule.helpful,
      harmful: rule.harmful,
    })),
    parameters: candidate.parameters as AgentVersionConfig["parameters"],
  };
}
