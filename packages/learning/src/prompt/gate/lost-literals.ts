import { canonicalJson } from "../../json.ts";
import type { Candidate } from "../candidate.ts";

// {{name}}, {name}, <name>, `code`, URLs: what other software reads out of a prompt or puts into it.
const LITERAL =
  /\{\{[^{}]{1,100}\}\}|\{[\w.-]{1,100}\}|<\/?[a-z][\w-]{0,50}>|`[^`\n]{1,200}`|https?:\/\/[^\s"'<>)]+/giu;

/**
 * What the candidate must keep of the seed and lost: placeholders, tags, code and addresses of each component, a whole
 * component, listed literals that the seed has, and `parameters.output_schema`. As sentences; empty = nothing lost.
 */
export function lostLiterals(
  seed: Candidate,
  candidate: Candidate,
  requiredLiterals: readonly string[] = [],
): string[] {
  const lost: string[] = [];
  for (const [name, text] of Object.entries(seed.components)) {
    const changed = candidate.components[name];
    if (changed === undefined) {
      lost.push(`The component ${name} is missing.`);
      continue;
    }
    const literals = new Set([
      ...(text.match(LITERAL) ?? []),
      ...requiredLiterals.filter((literal) => text.includes(literal)),
    ]);
    for (const literal of literals) {
      if (!changed.includes(literal)) lost.push(`The component ${name} lost ${JSON.stringify(literal)}.`);
    }
  }
  const [before, after] = [seed.parameters["output_schema"], candidate.parameters["output_schema"]];
  if (before !== undefined && (after === undefined || canonicalJson(before) !== canonicalJson(after))) {
    lost.push("The output schema was changed.");
  }
  return lost;
}
