import { describe, expect, it } from "vitest";
import { createRandom, randomInteger } from "../random.ts";
import { judgeInfluence } from "./judge-influence.ts";
import {
  type ContributedExample,
  type HeldOutExample,
  type InfluenceReport,
  leaveOneContributorOut,
} from "./leave-one-out.ts";

const TOPICS: Readonly<Record<string, string>> = {
  refund: "refund money back return charged twice card payment",
  delivery: "parcel late courier tracking arrive address shipped box",
  account: "password login email locked reset code sign username",
};

function question(random: ReturnType<typeof createRandom>, topic: string): string {
  const words = (TOPICS[topic] as string).split(" ");
  const filler = "please help me with my thing since yesterday".split(" ");
  return Array.from({ length: 10 }, () =>
    random.next() < 0.5
      ? words[randomInteger(random, words.length)]
      : filler[randomInteger(random, filler.length)],
  ).join(" ");
}

/** Ten honest people, and one who says that refunds are deliveries. */
function stream(seed: string, lies: number): { train: ContributedExample[]; heldOut: HeldOutExample[] } {
  const random = createRandom(seed);
  const topics = Object.keys(TOPICS);
  const topic = (): string => topics[randomInteger(random, topics.length)] as string;
  const train = Array.from({ length: 150 }, (_, n): ContributedExample => {
    const truth = topic();
    return { input: question(random, truth), output: truth, contributorId: `person ${n % 10}` };
  });
  for (let n = 0; n < lies; n += 1)
    train.push({ input: question(random, "refund"), output: "delivery", contributorId: "liar" });
  const heldOut = Array.from({ length: 120 }, () => {
    const truth = topic();
    return { input: question(random, truth), output: truth };
  });
  return { train, heldOut };
}

function report(seed: string, lies: number, most = 5): InfluenceReport {
  const { train, heldOut } = stream(seed, lies);
  return whole(leaveOneContributorOut(train, heldOut, most));
}

function whole(steps: ReturnType<typeof leaveOneContributorOut>): InfluenceReport {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

describe("leaveOneContributorOut", () => {
  it("names who misleads, with what the score would be without them, over ten seeds", () => {
    for (let seed = 0; seed < 10; seed += 1) {
      const { contributors, score } = report(`lies ${seed}`, 80);
      const [first, ...rest] = contributors;
      expect(first).toMatchObject({ contributorId: "liar", items: 80 });
      expect(first?.change).toBeLessThan(-0.1);
      expect(first?.pValue).toBeLessThan(0.01);
      expect(first?.scoreWithout).toBeCloseTo(score - (first?.change ?? 0), 10);
      expect(first?.onlyWithout).toBeGreaterThan(first?.onlyWith ?? 0);
      expect(rest.every(({ pValue }) => pValue > 0.01)).toBe(true);
    }
  });

  it("lets honest people be", () => {
    for (let seed = 0; seed < 10; seed += 1)
      expect(
        judgeInfluence(report(`honest ${seed}`, 0, 10), { items: 150, outputs: 3 }, { maxHarm: 0.02 }),
      ).toMatchObject({ verdict: "passed", harmful: [], cohort: null });
  });

  it("liars who agree hide one another one by one, and are found together, over ten seeds", () => {
    for (let seed = 0; seed < 10; seed += 1) {
      const { train, heldOut } = stream(`ring ${seed}`, 120);
      const ring = train.map((one, n) =>
        one.contributorId === "liar" ? { ...one, contributorId: `liar ${n % 3}` } : one,
      );
      const found = whole(leaveOneContributorOut(ring, heldOut, 6));
      const judged = judgeInfluence(found, { items: ring.length, outputs: 3 }, { maxHarm: 0.02 });
      expect(judged.verdict).toBe("failed");
      expect(found.cohort?.contributorIds).toEqual(expect.arrayContaining(["liar 0", "liar 1", "liar 2"]));
      expect(found.cohort?.change).toBeLessThan(Math.min(...found.contributors.map(({ change }) => change)));
    }
  });

  it("nobody vouches for themselves: what a liar holds out is not asked about them", () => {
    const { train, heldOut } = stream("own", 80);
    const own = Array.from({ length: 200 }, (_, n) => ({
      input: `refund money card payment ${n}`,
      output: "delivery",
      contributorId: "liar",
    }));
    const { contributors } = whole(leaveOneContributorOut(train, [...heldOut, ...own], 5));
    const liar = contributors.find(({ contributorId }) => contributorId === "liar");
    expect(liar?.asked).toBe(120);
    expect(liar?.change).toBeLessThan(-0.1);
  });

  it("looks at so many contributors, and copes with nothing", () => {
    expect(report("few", 10, 2).contributors).toHaveLength(2);
    const empty = leaveOneContributorOut([], [], 5).next();
    expect(empty).toEqual({ done: true, value: { heldOut: 0, score: 0, contributors: [], cohort: null } });
  });
});
