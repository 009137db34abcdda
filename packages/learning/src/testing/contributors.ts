import type { Demonstration } from "../prompt/candidate.ts";
import type { Random } from "../ports.ts";
import { randomInteger, shuffled } from "../random.ts";
import type { Contribution } from "../trust/contribution.ts";

/** How somebody may try to teach an agent something wrong. */
export const ATTACKS = ["burst", "drip", "sybil", "collusion", "target_only"] as const;
export type Attack = (typeof ATTACKS)[number];

export interface PoisonedStream {
  contributions: Contribution[];
  /** Ids of those that an attacker made wrong on purpose. */
  planted: Set<string>;
  trusted: Demonstration[];
}

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const DAYS = 14;
const OUTPUTS = 8;
const HONEST_PEOPLE = 150;
/** Honest mistakes: a share of contributions with a random other output. */
const NOISE = 0.08;

/** A generated vocabulary: each output has words of its own, and there are words that all share. */
function messageOf(output: number, random: Random): string {
  const own = Array.from({ length: 4 }, () => `topic${output}word${randomInteger(random, 14)}`);
  const shared = Array.from({ length: 4 }, () => `common${randomInteger(random, 60)}`);
  return shuffled(random, [...own, ...shared]).join(" ");
}

const nameOf = (output: number): string => `output_${output}`;

/** A stream of honest contributions with an attack in it. Text, times and people are drawn from the seed. */
export function poisonedStream(attack: Attack | "none", random: Random): PoisonedStream {
  const contributions: Contribution[] = [];
  const planted = new Set<string>();
  const add = (
    contributorId: string,
    at: number,
    firstSeenAt: number,
    topic: number,
    output: number,
  ): string => {
    const id = `c${contributions.length}`;
    const input = messageOf(topic, random);
    contributions.push({ id, contributorId, at, firstSeenAt, input, output: nameOf(output) });
    return id;
  };
  const another = (output: number): number => (output + 1 + randomInteger(random, OUTPUTS - 1)) % OUTPUTS;
  const anyTime = (from = 0): number => from + Math.floor(random.next() * (DAYS * DAY - from));
  for (let person = 0; person < HONEST_PEOPLE; person += 1) {
    const firstSeenAt = random.next() < 0.7 ? -30 * DAY : anyTime();
    // Some ask about everything, some always about the same.
    const only = random.next() < 0.3 ? randomInteger(random, OUTPUTS) : undefined;
    const count = 1 + Math.floor(-4 * Math.log(1 - random.next()));
    for (let n = 0; n < count; n += 1) {
      const topic = only ?? randomInteger(random, OUTPUTS);
      const output = random.next() < NOISE ? another(topic) : topic;
      add(`honest${person}`, anyTime(Math.max(0, firstSeenAt)), firstSeenAt, topic, output);
    }
  }
  const target = 0;
  const lie = (who: string, at: number, firstSeenAt: number): void => {
    const topic = 1 + randomInteger(random, OUTPUTS - 1);
    planted.add(add(who, at, firstSeenAt, topic, target));
  };
  const start = Math.floor((2 + random.next() * 6) * DAY);
  if (attack === "burst") for (let n = 0; n < 60; n += 1) lie("burst", start + n * 0.5 * MINUTE, start);
  if (attack === "drip") for (let n = 0; n < 28; n += 1) lie("drip", (n / 2) * DAY, -5 * DAY);
  if (attack === "sybil")
    for (let n = 0; n < 40; n += 1) lie(`sybil${n % 30}`, start + n * 20 * MINUTE, start + n * MINUTE);
  if (attack === "collusion")
    for (let n = 0; n < 36; n += 1) lie(`friend${n % 6}`, start + random.next() * 2 * DAY, -60 * DAY);
  if (attack === "target_only")
    for (let n = 0; n < 30; n += 1) {
      if (n % 2 === 0) lie("target", anyTime(), -60 * DAY);
      else {
        const topic = randomInteger(random, OUTPUTS);
        add("target", anyTime(), -60 * DAY, topic, topic);
      }
    }
  const trusted = Array.from({ length: 160 }, (_, n) => ({
    input: messageOf(n % OUTPUTS, random),
    output: nameOf(n % OUTPUTS),
  }));
  return { contributions: shuffled(random, contributions), planted, trusted };
}
