import type { ChatMessage } from "../ports.ts";
import { type Candidate, type Demonstration, integerParameter } from "./candidate.ts";
import {
  createDemonstrationIndex,
  type DemonstrationIndex,
} from "./demonstrations-agent/demonstration-index.ts";
import { inputKey } from "./rows.ts";

/** Demonstrations shown for each input when `demonstration_selection` is "nearest" and `nearest_demonstrations` absent. */
export const DEFAULT_NEAREST = 16;

export interface RenderOptions {
  /** Demonstrations of this example or with this very input are not shown: leave-one-out. */
  leaveOut?: { exampleId?: string; input?: string };
  /** Index over the candidate's demonstrations, where the caller keeps one; used for "nearest" only. */
  index?: DemonstrationIndex;
}

/**
 * The chat messages for one input: `components.system_prompt` with the playbook's rules, the demonstrations as chat
 * turns, then the input. Everything before the input is equal for all inputs, unless `parameters.demonstration_selection`
 * is "nearest": then the `parameters.nearest_demonstrations` (default 16) most similar ones are shown, the nearest last.
 */
export function renderPrompt(
  candidate: Candidate,
  input: string,
  { leaveOut, index }: RenderOptions = {},
): ChatMessage[] {
  const messages: ChatMessage[] = [];
  const system = systemMessage(candidate);
  if (system) messages.push({ role: "system", content: system });
  const shown = selectsNearest(candidate)
    ? nearest(candidate, input, leaveOut, index)
    : candidate.demonstrations.filter((demonstration) => !isLeftOut(demonstration, leaveOut));
  for (const demonstration of shown) {
    messages.push({ role: "user", content: demonstration.input });
    messages.push({ role: "assistant", content: demonstration.output });
  }
  messages.push({ role: "user", content: input });
  return messages;
}

/** True when the candidate shows each input its nearest demonstrations instead of the same ones to all. */
export function selectsNearest(candidate: Candidate): boolean {
  return candidate.parameters["demonstration_selection"] === "nearest";
}

function systemMessage({ components, playbook = [] }: Candidate): string {
  const instruction = components["system_prompt"] ?? "";
  if (playbook.length === 0) return instruction;
  const rules = playbook.map((rule) => `- ${rule.text}`).join("\n");
  return instruction ? `${instruction}\n\nRules learned from experience:\n${rules}` : rules;
}

function nearest(
  candidate: Candidate,
  input: string,
  leaveOut: RenderOptions["leaveOut"],
  index = createDemonstrationIndex(candidate.demonstrations),
): Demonstration[] {
  const limit = integerParameter(candidate, "nearest_demonstrations", {
    fallback: DEFAULT_NEAREST,
    minimum: 0,
    maximum: 1000,
  });
  return index
    .nearest(input, limit, leaveOut)
    .map((match) => match.demonstration)
    .reverse();
}

function isLeftOut(demonstration: Demonstration, leaveOut: RenderOptions["leaveOut"]): boolean {
  if (!leaveOut) return false;
  const { exampleId, input } = leaveOut;
  if (exampleId !== undefined && demonstration.exampleId === exampleId) return true;
  return input !== undefined && inputKey(demonstration.input) === inputKey(input);
}
