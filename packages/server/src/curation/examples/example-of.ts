import type { CreateLearningExample, ExampleSource } from "@agent-learning/contract";
import type { Redactor } from "../../administration/redaction/index.ts";
import type { ExampleToAdd } from "./add-examples.ts";
import { groupKeyOf } from "./group-key.ts";

/** What the caller's words do not say of an example. */
export interface ExampleOwner {
  id: string;
  agentId: string;
  execution: { id: string; session_id: string | null } | null;
  /** The user that it is from; null: nobody in particular. */
  contributor: string | null;
  source: ExampleSource;
}

/** An example as somebody supplied it, ready to be stored. */
export function exampleOf(input: CreateLearningExample, owner: ExampleOwner): ExampleToAdd {
  const { id, execution } = owner;
  return {
    id,
    agent_id: owner.agentId,
    example_type: input.example_type,
    input_text: input.input_text,
    input_context: input.input_context,
    original_output: input.original_output ?? null,
    expected_output: expectedOutput(input),
    output_a: input.output_a ?? null,
    output_b: input.output_b ?? null,
    preferred_output: input.preferred_output ?? null,
    preference_strength: input.preference_strength ?? null,
    domain: input.domain ?? null,
    task_type: input.task_type ?? null,
    complexity: input.complexity ?? null,
    jurisdictions: input.jurisdictions ?? [],
    tags: input.tags ?? [],
    confidence_score: input.confidence_score,
    source_type: owner.source,
    source_user_id: owner.contributor,
    source_execution_id: execution?.id ?? null,
    source_feedback_id: null,
    group_key:
      input.group_key === undefined ? groupKeyOf({ exampleId: id, execution }) : `given:${input.group_key}`,
  };
}

function expectedOutput(input: CreateLearningExample): string {
  if (input.example_type !== "preference") return input.expected_output ?? "";
  if (input.preferred_output === undefined) return "";
  return (input.preferred_output === "A" ? input.output_a : input.output_b) ?? "";
}

/** What somebody supplies as the agent's policy lets it be stored. */
export function redactExample(input: CreateLearningExample, redactor: Redactor): CreateLearningExample {
  return {
    ...input,
    input_text: redactor.text(input.input_text),
    input_context: redactor.json(input.input_context),
    original_output: redactor.text(input.original_output),
    expected_output: redactor.text(input.expected_output),
    output_a: redactor.text(input.output_a),
    output_b: redactor.text(input.output_b),
  };
}
