import { words } from "../text/tokenise.ts";

const GRAM = 8;

function grams(text: string): Set<string> {
  const all = words(text);
  const size = Math.min(GRAM, all.length);
  const found = new Set<string>();
  // Fewer than four words are no instruction that could be told from ordinary speech.
  if (size < 4) return found;
  for (let start = 0; start + size <= all.length; start += 1)
    found.add(all.slice(start, start + size).join(" "));
  return found;
}

/** True when an output repeats eight words in a row of the agent's own instructions that the question did not hold. */
export function leaksInstructions(output: string, instructions: readonly string[], input: string): boolean {
  const said = ` ${words(output).join(" ")} `;
  const asked = ` ${words(input).join(" ")} `;
  return instructions.some((text) =>
    [...grams(text)].some((gram) => said.includes(` ${gram} `) && !asked.includes(` ${gram} `)),
  );
}
