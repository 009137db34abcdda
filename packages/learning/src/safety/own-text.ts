import type { Candidate } from "../prompt/candidate.ts";

/** A text that an agent is made of, and where it stands in its config: `components.system_prompt`. */
export interface OwnText {
  place: string;
  text: string;
}

/** Everything that a version says about itself: components, demonstrations, playbook, and parameters that are texts. */
export function ownTexts(
  candidate: Pick<Candidate, "components" | "demonstrations" | "playbook" | "parameters">,
): OwnText[] {
  return [
    ...Object.entries(candidate.components).map(([name, text]) => ({ place: `components.${name}`, text })),
    ...(candidate.playbook ?? []).map(({ id, text }) => ({ place: `playbook.${id}`, text })),
    ...candidate.demonstrations.flatMap(({ input, output }, index) => [
      { place: `demonstrations[${index}].input`, text: input },
      { place: `demonstrations[${index}].output`, text: output },
    ]),
    ...Object.entries(candidate.parameters).flatMap(([name, value]) =>
      typeof value === "string" ? [{ place: `parameters.${name}`, text: value }] : [],
    ),
  ];
}

/** The texts that instruct: what an answer must not give away. */
export function instructionsOf(candidate: Pick<Candidate, "components" | "playbook">): string[] {
  return [...Object.values(candidate.components), ...(candidate.playbook ?? []).map(({ text }) => text)];
}
