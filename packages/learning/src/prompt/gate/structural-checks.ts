import { candidateHash } from "../candidate.ts";
import { estimatePromptTokens } from "../estimate-tokens.ts";
import { renderPrompt } from "../render-prompt.ts";
import { copiedText } from "./copied-text.ts";
import type { GateInput } from "./gate.ts";
import { lostLiterals } from "./lost-literals.ts";
import { DEFAULT_TOKEN_LIMITS, largestTextTokens, textTokens } from "./token-growth.ts";

export interface GateCheck {
  name: "changed" | "pinned" | "literals" | "copied_text" | "text_size" | "prompt_size";
  passed: boolean;
  /** What was found, as a sentence. */
  detail: string;
}

const SHOWN = 3;

/** Everything about a candidate that needs no score. */
export function structuralChecks(input: GateInput): GateCheck[] {
  return [changed(input), pinned(input), literals(input), copies(input), textSize(input), promptSize(input)];
}

function changed({ seed, candidate }: GateInput): GateCheck {
  const passed = candidateHash(seed) !== candidateHash(candidate);
  return { name: "changed", passed, detail: passed ? "It differs from the seed." : "It is the seed itself." };
}

function pinned({ pinned: results = [] }: GateInput): GateCheck {
  const broken = results.filter((result) => !result.passes).map((result) => result.id);
  return {
    name: "pinned",
    passed: broken.length === 0,
    detail:
      broken.length === 0
        ? `All ${results.length} pinned examples pass.`
        : `${broken.length} of ${results.length} pinned examples fail: ${list(broken)}.`,
  };
}

function literals({ seed, candidate, requiredLiterals }: GateInput): GateCheck {
  const lost = lostLiterals(seed, candidate, requiredLiterals);
  const detail = lost.length === 0 ? "Placeholders, formats and schema are kept." : lost.join(" ");
  return { name: "literals", passed: lost.length === 0, detail };
}

function copies({ seed, candidate, training = [] }: GateInput): GateCheck {
  const found = copiedText({
    text: texts(candidate),
    previousText: texts(seed),
    trainingTexts: training.flatMap((row) => [row.input, row.expected]),
  });
  return {
    name: "copied_text",
    passed: found.length === 0,
    detail:
      found.length === 0
        ? "No instruction copies a training example."
        : `Instructions copy training examples: ${list(found.map((text) => `"${text}"`))}.`,
  };
}

function textSize({ seed, candidate, tokenLimits }: GateInput): GateCheck {
  const limit = largestTextTokens(seed, { ...DEFAULT_TOKEN_LIMITS, ...tokenLimits });
  const tokens = textTokens(candidate);
  const detail = `Instructions take about ${tokens} tokens of at most ${Math.floor(limit)}.`;
  return { name: "text_size", passed: tokens <= limit, detail };
}

function promptSize({ candidate, tokenLimits }: GateInput): GateCheck {
  const limit = tokenLimits?.maximumPromptTokens ?? DEFAULT_TOKEN_LIMITS.maximumPromptTokens;
  if (candidate.runtime === "demonstrations") {
    return { name: "prompt_size", passed: true, detail: "The built-in agent has no prompt." };
  }
  // A long input of its own shares words with many demonstrations, so that "nearest" shows as many as it ever does.
  const input = candidate.demonstrations
    .map((demonstration) => demonstration.input)
    .join(" ")
    .slice(0, 20_000);
  const tokens = estimatePromptTokens(renderPrompt(candidate, input).slice(0, -1));
  const detail = `A prompt takes about ${tokens} tokens of at most ${limit}.`;
  return { name: "prompt_size", passed: tokens <= limit, detail };
}

function texts({ components, playbook = [] }: GateInput["candidate"]): string {
  return [...Object.values(components), ...playbook.map((rule) => rule.text)].join("\n");
}

function list(items: readonly string[]): string {
  const more = items.length - SHOWN;
  return items.slice(0, SHOWN).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
