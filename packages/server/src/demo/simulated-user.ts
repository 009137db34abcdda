import type { Random } from "@agent-learning/learning";

/** How the demo's users behave; printed with the result, so that nobody has to guess. */
export interface UserBehaviour {
  /** Share of answers that get a vote. */
  votes: number;
  /** Share of votes that say the opposite of what the user saw. */
  wrongVotes: number;
  /** Share of down-votes on a wrong answer that come with a correction. */
  corrects: number;
  /** Share of corrections that name a wrong intent. */
  wrongCorrections: number;
}

export const USER_BEHAVIOUR: UserBehaviour = {
  votes: 0.55,
  wrongVotes: 0.04,
  corrects: 0.7,
  wrongCorrections: 0.04,
};

export interface UserReaction {
  vote: "thumbs_up" | "thumbs_down";
  correction: string | undefined;
}

/**
 * What a user does with an answer. The label decides what is right; `random` decides who bothers and who errs.
 * @param labels every label there is, for the errors
 * @returns undefined when the user says nothing
 */
export function reactTo(
  answer: string,
  label: string,
  labels: readonly string[],
  random: Random,
  behaviour: UserBehaviour = USER_BEHAVIOUR,
): UserReaction | undefined {
  if (random.next() >= behaviour.votes) return undefined;
  const right = answer === label;
  const says = random.next() < behaviour.wrongVotes ? !right : right;
  if (says) return { vote: "thumbs_up", correction: undefined };
  if (right || random.next() >= behaviour.corrects) return { vote: "thumbs_down", correction: undefined };
  if (random.next() >= behaviour.wrongCorrections) return { vote: "thumbs_down", correction: label };
  const others = labels.filter((other) => other !== label && other !== answer);
  const wrong = others[Math.floor(random.next() * others.length)];
  return { vote: "thumbs_down", correction: wrong };
}
