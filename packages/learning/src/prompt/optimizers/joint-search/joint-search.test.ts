import { describe, expect, test } from "vitest";
import { MESSAGES } from "../../../testing/messages.ts";
import { type OptimizerRun, runOptimizer } from "../../../testing/run-optimizer.ts";
import type { Candidate } from "../../candidate.ts";
import { jointSearch } from "./joint-search.ts";

const seed: Candidate = {
  runtime: "model",
  components: { system_prompt: "Name it." },
  demonstrations: [],
  parameters: { temperature: 0.2 },
};

/** The more demonstrations the better, and half of the rest is repaired by showing equal outputs together. */
function explore(calls = 1000): Promise<OptimizerRun> {
  return runOptimizer({
    optimizer: jointSearch,
    seed,
    rows: MESSAGES,
    calls,
    isRight: ({ demonstrations }, row) => {
      const switches = demonstrations.filter(
        (one, index) => index > 0 && one.output !== demonstrations[index - 1]?.output,
      ).length;
      const grouped = demonstrations.length > 8 && switches < 5;
      return MESSAGES.indexOf(row) % 20 < Math.min(demonstrations.length, 16) / 2 + (grouped ? 8 : 0);
    },
  });
}

describe("joint search", () => {
  test("tries different combinations and ends at a good one", async () => {
    const { book, result, steps } = await explore();
    const [, ...tried] = book.trials();
    expect(result.stoppedBecause).toBe("finished");
    expect(tried.length).toBeGreaterThan(12);
    expect(steps.length).toBeGreaterThanOrEqual(tried.length);
    const best = tried.toSorted((one, other) => total(other.scores) - total(one.scores))[0];
    expect(total(best?.scores)).toBeGreaterThanOrEqual(15);
    expect(new Set(tried.map(({ family }) => family.selection)).size).toBeGreaterThan(2);
  });

  test("keeps what is not its to change, and each candidate shows what its family says", async () => {
    const { book } = await explore();
    const tried = book.trials().slice(1);
    for (const { candidate } of tried) {
      expect(candidate.components).toEqual(seed.components);
      expect(candidate.parameters["temperature"]).toBe(0.2);
    }
    const near = tried.filter(({ family }) => family.selection === "nearest");
    const fixed = tried.filter(({ family }) => !["nearest", "bootstrapped"].includes(family.selection));
    expect(near.map(({ candidate }) => candidate.parameters["nearest_demonstrations"])).toEqual(
      near.map(({ family }) => family.size),
    );
    expect(fixed.map(({ candidate }) => candidate.demonstrations.length)).toEqual(
      fixed.map(({ family }) => family.size),
    );
  });

  test("repeats exactly, and stops where the budget ends", async () => {
    const hashes = async (calls: number): Promise<string[]> =>
      (await explore(calls).catch(() => undefined))?.book.trials().map((trial) => trial.hash) ?? [];
    expect(await hashes(1000)).toEqual(await hashes(1000));
  });

  test("applies to models with enough examples", () => {
    const task = { seed, training: MESSAGES, maximumPromptTokens: 1000 };
    expect(jointSearch.applies(task, false)).toBe(true);
    expect(jointSearch.applies({ ...task, training: MESSAGES.slice(0, 19) }, true)).toBe(false);
    expect(jointSearch.applies({ ...task, seed: { ...seed, runtime: "demonstrations" } }, true)).toBe(false);
  });
});

function total(scores: ReadonlyMap<string, number> | undefined): number {
  return [...(scores?.values() ?? [])].reduce((sum, score) => sum + score, 0);
}
