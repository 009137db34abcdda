import { parseLooseJson } from "../../evaluators/parse-json.ts";

const TAGGED = /<instruction>([^]*?)<\/instruction>/iu;
const FENCED = /```[a-z]*[ \t]*\n([^]*?)```/iu;
const MEMBERS = ["instruction", "system_prompt", "prompt"];

/**
 * The instruction in a proposer's answer: between tags as asked for, or, because small models do what they like, in a
 * JSON member or a code fence. Undefined when the answer has none of them: that proposal is lost, nothing else.
 */
export function parseProposal(answer: string): string | undefined {
  const tagged = TAGGED.exec(answer)?.[1];
  if (tagged !== undefined) return clean(tagged);
  const json = parseLooseJson(answer);
  if (json !== null && typeof json === "object" && !Array.isArray(json)) {
    for (const member of MEMBERS) {
      const value = json[member];
      if (typeof value === "string") return clean(value);
    }
    return undefined;
  }
  const fenced = FENCED.exec(answer)?.[1];
  return fenced === undefined ? undefined : clean(fenced);
}

function clean(text: string): string | undefined {
  const unfenced = text
    .trim()
    .replace(/^```[a-z]*[ \t]*\n([^]*?)\n?```$/iu, "$1")
    .trim();
  return unfenced.length > 0 && unfenced.isWellFormed() ? unfenced : undefined;
}
