import { lnBinomialUpperTail } from "@agent-learning/statistics";
import type { Demonstration } from "../prompt/candidate.ts";
import type { Contribution, Detector, Suspicion } from "./contribution.ts";
import { findBursts } from "./find-bursts.ts";
import { findContradictions } from "./find-contradictions.ts";

export interface ReviewOptions {
  contributions: readonly Contribution[];
  /** Verified examples: what the contributions are held against. */
  trusted: readonly Demonstration[];
  /** Probability of holding back anybody when all are honest; default 0.01. */
  level?: number;
}

export interface ContributionReview {
  /** Strongest first. */
  suspicions: Suspicion[];
  /** Every contribution that a suspicion names. */
  quarantined: Set<string>;
  /** Share of contributions that contradict the trusted examples, as honest people's do. */
  contradictionRate: number;
}

const DAY = 86_400_000;
/** Who was first seen at most so long before contributing is new. */
const NEW = 2 * DAY;
/** Contradictions of a group below which it is let be. */
const LEAST = 4;
const LEAST_RATE = 0.02;

/** Contributions that are looked at together. */
interface Group {
  detector: Exclude<Detector, "burst">;
  members: readonly Contribution[];
  what: string;
}

/**
 * Holds contributions of end users against each other and against verified examples, and names those to hold back: bursts of one person;
 * one person, one day's new identities, or one campaign of several people for one output who contradict verified examples far
 * more than everybody else does (binomial tail, Bonferroni over all groups). Of a group only what contradicts is held back. A
 * reviewer decides on what is held; nothing is deleted.
 */
export function reviewContributions({
  contributions,
  trusted,
  level = 0.01,
}: ReviewOptions): ContributionReview {
  const contradicting = findContradictions(contributions, trusted);
  const groups = groupsOf(contributions);
  const contributors = new Set(contributions.map(({ contributorId }) => contributorId)).size;
  const lnLevel = Math.log(level / Math.max(1, groups.length + contributors));
  const bursts = findBursts(contributions, lnLevel);
  const { suspicions, rate } = weighGroups(groups, contributions, contradicting, lnLevel, bursts);
  suspicions.sort((one, other) => one.lnPValue - other.lnPValue);
  const quarantined = new Set(suspicions.flatMap(({ contributionIds }) => contributionIds));
  return { suspicions, quarantined, contradictionRate: rate };
}

function groupsOf(contributions: readonly Contribution[]): Group[] {
  const people = [...Map.groupBy(contributions, ({ contributorId }) => contributorId).values()].map(
    (members): Group => ({ detector: "contradiction", members, what: "One person" }),
  );
  const day = (time: number): number => Math.floor(time / DAY);
  const newcomers = contributions.filter(({ at, firstSeenAt }) => at - firstSeenAt <= NEW);
  const cohorts = together(newcomers, (one) => `${day(one.firstSeenAt)}\u0000${one.output}`).map(
    (members): Group => ({ detector: "cohort", members, what: "People first seen on one day" }),
  );
  // Windows of three days, each day in three of them, so that no edge cuts a campaign in two.
  const campaigns = [0, 1, 2].flatMap((shift) =>
    together(contributions, (one) => `${Math.floor((day(one.at) + shift) / 3)}\u0000${one.output}`).map(
      (members): Group => ({ detector: "campaign", members, what: "Several people within three days" }),
    ),
  );
  return [...people, ...cohorts, ...campaigns];
}

/** Groups of more than one person. */
function together(
  contributions: readonly Contribution[],
  keyOf: (contribution: Contribution) => string,
): Contribution[][] {
  const groups = [...Map.groupBy(contributions, keyOf).values()];
  return groups.filter((members) => new Set(members.map(({ contributorId }) => contributorId)).size > 1);
}

/**
 * Suspicions against the rate at which everybody else contradicts. The rate is first that of all contributions, which hides an attack rather
 * than invents one; what stands out is taken away and the rest is looked at again, until nothing more stands out.
 */
function weighGroups(
  groups: readonly Group[],
  contributions: readonly Contribution[],
  contradicting: ReadonlySet<string>,
  lnLevel: number,
  bursts: readonly Suspicion[],
): { suspicions: Suspicion[]; rate: number } {
  let suspicions = [...bursts];
  for (;;) {
    const held = new Set(suspicions.flatMap(({ contributionIds }) => contributionIds));
    const rest = contributions.filter(({ id }) => !held.has(id));
    const against = rest.filter(({ id }) => contradicting.has(id)).length;
    const rate = Math.min(0.5, Math.max(LEAST_RATE, against / Math.max(1, rest.length)));
    const found = groups.flatMap((group) => suspicionOf(group, contradicting, rate, lnLevel) ?? []);
    const grown = found.length + bursts.length > suspicions.length;
    suspicions = [...bursts, ...found];
    if (!grown) return { suspicions, rate };
  }
}

function suspicionOf(
  { detector, members, what }: Group,
  contradicting: ReadonlySet<string>,
  rate: number,
  lnLevel: number,
): Suspicion | undefined {
  const against = members.filter(({ id }) => contradicting.has(id));
  if (against.length < LEAST) return undefined;
  const lnPValue = lnBinomialUpperTail(against.length, members.length, rate);
  if (lnPValue > lnLevel) return undefined;
  const outputs = new Set(against.map(({ output }) => output));
  // Not which: the output is somebody's words, and this sentence outlives them.
  const towards = outputs.size === 1 ? ", all towards one output" : "";
  return {
    detector,
    contributionIds: against.map(({ id }) => id),
    contributorIds: [...new Set(against.map(({ contributorId }) => contributorId))],
    lnPValue,
    sentence: `${what} contradicted verified examples in ${against.length} of ${members.length} contributions${towards}; usual is ${Math.round(100 * rate)} of 100.`,
  };
}
