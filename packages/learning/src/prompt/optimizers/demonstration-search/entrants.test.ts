import { describe, expect, test } from "vitest";
import { createRandom } from "../../../random.ts";
import { MESSAGES } from "../../../testing/messages.ts";
import { type Candidate, candidateHash } from "../../candidate.ts";
import { TrialBook } from "../trial-book.ts";
import { modelEntrants, routerEntrants, sharedEntrants, voterEntrants } from "./entrants.ts";
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

describe("for a model whose prompts are dear", () => {
  const random = createRandom(1);
  const rows = MESSAGES;

  test("every input is shown the same, large balanced sets first", () => {
    const entrants = sharedEntrants(seed, pool, { sizes: ladder(24), rows, random });
    const families = entrants.map(({ family }) => `${family.selection}:${family.size}`);
    expect(families.slice(0, 4)).toEqual(["balanced:24", "balanced:16", "balanced:8", "random:24"]);
    expect(families.some((family) => family.startsWith("nearest"))).toBe(false);
    for (const { candidate } of entrants) {
      expect(candidate.parameters["demonstration_selection"]).toBeUndefined();
    }
  });

  test("the rows that are scored first stay out of a set that can do without", () => {
    for (const { candidate, family } of sharedEntrants(seed, pool, { sizes: [8, 16], rows, random })) {
      const spared = rows.slice(0, Math.floor((pool.length - family.size) / 2));
      const shown = new Set(candidate.demonstrations.map((demonstration) => demonstration.input));
      expect(spared.filter((row) => shown.has(row.input))).toEqual([]);
      expect(candidate.demonstrations).toHaveLength(family.size);
    }
  });

  test("those that have to be shown come last", () => {
    const many = Array.from({ length: 200 }, (_, index) => ({
      id: `${index}`,
      input: `question ${index}`,
      expected: `answer ${index % 5}`,
    }));
    const all = many.map(({ id, input, expected }) => ({ input, output: expected, exampleId: id }));
    const [whole] = sharedEntrants(seed, all, { sizes: [200], rows: many, random });
    const scored = new Set(many.slice(0, 60).map((row) => row.id));
    const places = whole!.candidate.demonstrations.map(({ exampleId }) => scored.has(exampleId ?? ""));
    expect(places.indexOf(true)).toBe(140);
    expect(places.lastIndexOf(false)).toBe(139);
  });
});
