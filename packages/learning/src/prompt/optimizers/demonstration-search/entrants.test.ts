import { describe, expect, test } from "vitest";
import { createRandom } from "../../../random.ts";
import { MESSAGES } from "../../../testing/messages.ts";
import { type Candidate, candidateHash } from "../../candidate.ts";
import { TrialBook } from "../trial-book.ts";
import { modelEntrants, routerEntrants, voterEntrants } from "./entrants.ts";
import { ladder } from "./ladder.ts";

const pool = MESSAGES.map((row) => ({ input: row.input, output: row.expected, exampleId: row.id }));
const seed: Candidate = {
  runtime: "model",
  components: { system_prompt: "Name it." },
  demonstrations: [],
  parameters: { temperature: 0, demonstration_selection: "nearest" },
};

describe("for the built-in agent", () => {
  test("every selection at every size, and the whole pool once", () => {
    const entrants = routerEntrants(seed, pool, ladder(pool.length), createRandom(1));
    const families = entrants.map(({ family }) => `${family.selection}:${family.size}`);
    expect(families.sort()).toEqual(
      [
        ...[8, 16, 32].flatMap((size) => [`balanced:${size}`, `diverse:${size}`, `random:${size}`]),
        "all:40",
      ].sort(),
    );
    expect(entrants.at(-1)?.candidate.demonstrations).toEqual(pool);
  });

  test("other numbers of voters than the current one, fewer than the demonstrations", () => {
    const trial = new TrialBook().add({
      candidate: { ...seed, runtime: "demonstrations", demonstrations: pool.slice(0, 30) },
      family: { selection: "all", size: 30 },
      origin: "test",
      promptTokens: 0,
    });
    const voters = voterEntrants(trial).map(({ candidate }) => candidate.parameters["neighbours"]);
    expect(voters).toEqual([5, 10]);
  });
});

describe("for a model", () => {
  const entrants = modelEntrants(seed, pool, ladder(32), createRandom(1));

  test("the most telling come first", () => {
    const families = entrants.map(({ family }) => `${family.selection}:${family.size}`);
    expect(families.slice(0, 4)).toEqual(["balanced:32", "balanced:16", "balanced:8", "nearest:16"]);
    expect(families).toContain("nearest:32");
    expect(families).toContain("random:32");
    expect(families).toContain("diverse:8");
  });

  test("all are different and keep what is not theirs to change", () => {
    const hashes = entrants.map(({ candidate }) => candidateHash(candidate));
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const { candidate, family } of entrants) {
      expect(candidate.components).toEqual(seed.components);
      expect(candidate.parameters["temperature"]).toBe(0);
      const nearest = family.selection === "nearest";
      expect(candidate.parameters["demonstration_selection"]).toBe(nearest ? "nearest" : undefined);
      expect(candidate.demonstrations).toHaveLength(nearest ? pool.length : family.size);
    }
  });
});
