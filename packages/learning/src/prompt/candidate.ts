import { contentHash, type JsonValue } from "../json.ts";

/** One shown input with the output wanted for it. */
export interface Demonstration {
  input: string;
  output: string;
  /** The learning example that it came from. */
  exampleId?: string;
}

/** One rule of the playbook, with the evidence for it. */
export interface PlaybookRule {
  id: string;
  text: string;
  evidenceIds: string[];
  helpful: number;
  harmful: number;
}

/** Everything about an agent that prompt learning may change. Treat as immutable: a change is a new candidate. */
export interface Candidate {
  /** `demonstrations` = the built-in nearest-demonstrations agent, `model` = a language model. */
  runtime: "demonstrations" | "model";
  /** Named texts; `system_prompt` is the instruction. */
  components: Record<string, string>;
  demonstrations: Demonstration[];
  playbook?: PlaybookRule[];
  parameters: Record<string, JsonValue>;
}

/** SHA-256 (hexadecimal) of the canonical JSON. An absent playbook and an empty one are the same candidate. */
export function candidateHash(candidate: Candidate): string {
  const { runtime, components, demonstrations, playbook, parameters } = candidate;
  return contentHash({
    runtime,
    components,
    demonstrations,
    parameters,
    ...(playbook && playbook.length > 0 ? { playbook } : {}),
  });
}

/** A whole-number parameter within bounds; `fallback` when it is absent or something else. */
export function integerParameter(
  candidate: Candidate,
  name: string,
  bounds: { fallback: number; minimum: number; maximum: number },
): number {
  const value = candidate.parameters[name];
  if (typeof value !== "number" || !Number.isInteger(value)) return bounds.fallback;
  return Math.min(bounds.maximum, Math.max(bounds.minimum, value));
}

/** A text parameter; undefined when it is absent or something else. */
export function textParameter(candidate: Candidate, name: string): string | undefined {
  const value = candidate.parameters[name];
  return typeof value === "string" ? value : undefined;
}
