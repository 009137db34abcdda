import { describe, expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { ATTACKS, poisonedStream } from "../testing/contributors.ts";
import { type ContributionReview, reviewContributions } from "./review-contributions.ts";

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

function review(attack: Parameters<typeof poisonedStream>[0], seed: number) {
  const stream = poisonedStream(attack, createRandom(`${attack}:${seed}`));
  return { ...stream, ...reviewContributions(stream) };
}

describe.each(ATTACKS)("%s", (attack) => {
  test("what was planted is held back, and little else, over 20 seeds", () => {
    let [held, heldPlanted, planted] = [0, 0, 0];
    for (const seed of SEEDS) {
      const found = review(attack, seed);
      planted += found.planted.size;
      held += found.quarantined.size;
      for (const id of found.quarantined) if (found.planted.has(id)) heldPlanted += 1;
    }
    expect(heldPlanted / planted, "recall").toBeGreaterThanOrEqual(0.9);
    expect(heldPlanted / held, "precision").toBeGreaterThanOrEqual(0.9);
  });
});

test("honest people are let be, and their mistakes are known", () => {
  const reviews = SEEDS.map((seed) => review("none", seed));
  const falselyHeld = reviews.filter(({ suspicions }) => suspicions.length > 0);
  expect(falselyHeld.length).toBeLessThanOrEqual(1);
  for (const { contradictionRate } of reviews) expect(contradictionRate).toBeLessThan(0.2);
});

test("each suspicion says who, what and why", () => {
  const { suspicions } = review("sybil", 1);
  expect(suspicions[0]).toMatchObject({ detector: expect.stringMatching(/cohort|campaign/) as string });
  expect(suspicions[0]?.sentence).toMatch(
    /contradicted verified examples in \d+ of \d+ .* towards one output/,
  );
  expect(suspicions[0]?.contributorIds.length).toBeGreaterThan(20);
});

test("without verified examples only speed tells", () => {
  const { contributions } = poisonedStream("burst", createRandom("speed"));
  const found: ContributionReview = reviewContributions({ contributions, trusted: [] });
  expect(new Set(found.suspicions.map(({ detector }) => detector))).toEqual(new Set(["burst"]));
  expect(reviewContributions({ contributions: [], trusted: [] }).suspicions).toEqual([]);
});
