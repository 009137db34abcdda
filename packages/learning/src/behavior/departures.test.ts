import { describe, expect, test } from "vitest";
import { createRandom, type Random } from "../index.ts";
import { findDepartures } from "./departures.ts";
import type { Trace } from "./trace.ts";

const WORK = ["a", "b", "c", "d", "e"];

function run(
  random: Random,
  id: string,
  source: Trace["source"],
  contributor: string,
  habit: string[] = [],
): Trace {
  const tools = Array.from({ length: 6 }, () => WORK[Math.floor(random.next() * WORK.length)] as string);
  tools.splice(Math.floor(random.next() * 7), 0, ...habit);
  return { id, source, contributor, calls: tools.map((tool) => ({ tool })) };
}

/** 60 runs of six experts, 100 of the agent. */
function runs(
  seed: string,
  habitOf: (side: Trace["source"], random: Random, who: number) => string[],
): Trace[] {
  const random = createRandom(seed);
  const side = (source: Trace["source"], count: number): Trace[] =>
    Array.from({ length: count }, (_, i) =>
      run(random, `${source}-${i}`, source, `${source}-of-${i % 6}`, habitOf(source, random, i % 6)),
    );
  return [...side("expert", 60), ...side("agent", 100)];
}

describe("where experts depart from the agent", () => {
  test("what is planted is found once, with its evidence and its people, and not its parts", () => {
    const traces = runs("planted", (side, random) =>
      random.next() < (side === "expert" ? 0.7 : 0.1) ? ["c", "x", "a"] : [],
    );
    const { departures, tested } = findDepartures(traces);
    expect(tested).toBeGreaterThan(50);
    expect(departures).toHaveLength(1);
    const [one] = departures;
    expect(one).toMatchObject({
      tools: ["c", "x", "a"],
      direction: "experts_do",
      expert: { of: 60 },
      agent: { of: 100 },
      contributors: [0, 1, 2, 3, 4, 5].map((who) => `expert-of-${who}`),
    });
    expect(one?.evidenceIds).toHaveLength(one?.expert.runs ?? 0);
    expect(one?.evidenceIds.every((id) => id.startsWith("expert-"))).toBe(true);
    expect(one?.withoutAnyOne).toBeLessThan(0.001);
  });

  test("what the agent does and experts do not is found in the other direction", () => {
    const traces = runs("bad habit", (side, random) =>
      random.next() < (side === "agent" ? 0.6 : 0.05) ? ["y", "z"] : [],
    );
    expect(findDepartures(traces).departures).toMatchObject([{ tools: ["y", "z"], direction: "agent_does" }]);
  });

  test("one person's habit is nobody's rule", () => {
    const quirk = (side: string, _: Random, who: number): string[] =>
      side === "expert" && who === 0 ? ["p", "q"] : [];
    expect(findDepartures(runs("quirk", quirk), { level: 0.2, leastShare: 0.05 }).departures).toEqual([]);
  });

  test("where there is no difference, hardly ever anything is found", () => {
    let found = 0;
    for (let i = 0; i < 40; i += 1)
      found += findDepartures(runs(`nothing ${i}`, () => [])).departures.length > 0 ? 1 : 0;
    // The false discovery rate is then the probability of finding anything: at most .05; 40 draws exceed 7 once in a thousand.
    expect(found).toBeLessThanOrEqual(7);
  });

  test("with a handful of runs nothing is said", () => {
    const few = runs("few", (side) => (side === "expert" ? ["x"] : []));
    expect(findDepartures(few.slice(58)).departures).toEqual([]);
    expect(findDepartures([])).toEqual({ departures: [], patterns: [], tested: 0, truncated: false });
  });

  test("what runs have in common is listed with its runs, the most first, also where sides cannot be compared", () => {
    const traces = runs("common", (side) => (side === "expert" ? ["x", "y", "z"] : []));
    const { patterns } = findDepartures(traces);
    expect(patterns.length).toBeGreaterThan(5);
    expect(patterns.length).toBeLessThanOrEqual(100);
    const totals = patterns.map(({ expert, agent }) => expert.runs + agent.runs);
    expect(totals).toEqual(totals.toSorted((a, b) => b - a));
    const planted = patterns.find(({ tools }) => tools.join() === "x,y,z");
    expect(planted).toMatchObject({
      expert: { runs: 60, of: 60 },
      agent: { runs: 0, of: 100 },
      agentIds: [],
    });
    expect(planted?.expertIds).toEqual(["expert-59", "expert-58", "expert-57", "expert-56", "expert-55"]);
    const alone = findDepartures(traces.filter(({ source }) => source === "agent"));
    expect(alone).toMatchObject({ departures: [], tested: 0 });
    expect(alone.patterns.length).toBeGreaterThan(5);
  });
});
