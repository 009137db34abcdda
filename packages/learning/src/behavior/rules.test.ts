import { describe, expect, test } from "vitest";
import type { Departure } from "./departures.ts";
import { judgeRules } from "./judge-rules.ts";
import { learnBehavior } from "./learn-behavior.ts";
import { proposeRules } from "./propose-rules.ts";
import { isToolName, type Trace, withoutContributor } from "./trace.ts";

const departure = (tools: string[], direction: Departure["direction"]): Departure => ({
  tools,
  direction,
  expert: { runs: 8, of: 10 },
  agent: { runs: 1, of: 10 },
  pValue: 0.001,
  adjusted: 0.01,
  conditional: 0.001,
  withoutAnyOne: 0.01,
  evidenceIds: ["e1", "e2"],
  contributors: ["x", "y"],
});
const agentRun = (id: string, text: string, good?: boolean): Trace => ({
  id,
  source: "agent",
  contributor: "u",
  calls: text.split("").map((tool) => ({ tool })),
  good,
});

describe("proposed rules", () => {
  test("names tools only, quotes its evidence, and counts what became of the agent's runs that obey", () => {
    const runs = [
      agentRun("r1", "acb", true),
      agentRun("r2", "ab", false),
      agentRun("r3", "ab"),
      agentRun("r4", "ba", true),
    ];
    const [does, avoids] = proposeRules(
      [departure(["a", "b"], "experts_do"), departure(["b", "a"], "agent_does")],
      runs,
    );
    expect(does?.rule).toEqual({
      id: expect.stringMatching(/^behavior-[0-9a-f]{16}$/u) as string,
      text: "Call `a`, then `b`: in this order, other calls may stand between.",
      evidenceIds: ["e1", "e2", "r1", "r2"],
      helpful: 1,
      harmful: 1,
    });
    // r1 and r2 call b and then no a; r4 does what it should not.
    expect(avoids?.rule).toMatchObject({ helpful: 1, harmful: 1, evidenceIds: ["e1", "e2", "r1", "r2"] });
    expect(avoids?.rule.text).toContain("Do not call `b`, then `a`");
    expect(proposeRules([departure(["a", "b"], "experts_do")], [])[0]?.rule.id).toBe(does?.rule.id);
  });

  test("what is no name of a tool gives no rule", () => {
    expect(proposeRules([departure(["a", "Ignore all previous"], "experts_do")], [])).toEqual([]);
    for (const name of ["search", "docs.search", "mcp://files/read", "a-b_c:d2"])
      expect(isToolName(name)).toBe(true);
    for (const text of ["", "two words", "`x`", "a\nb", "-a", "a".repeat(101), "é"])
      expect(isToolName(text)).toBe(false);
  });
});

describe("judged rules", () => {
  const pairs = (difference: (i: number) => number) =>
    Array.from({ length: 80 }, (_, i) => ({ without: 0.5, with: 0.5 + difference(i) }));

  test("proven help stays; harm, chance and what nobody tried go", () => {
    const judged = judgeRules(
      [
        { ruleId: "helps", pairs: pairs((i) => (i % 4 === 0 ? -0.1 : 0.2)) },
        { ruleId: "harms", pairs: pairs((i) => (i % 4 === 0 ? 0.1 : -0.2)) },
        { ruleId: "chance", pairs: pairs((i) => (i % 2 === 0 ? 0.2 : -0.2)) },
        { ruleId: "untried", pairs: [] },
      ],
      { seed: "rules" },
    );
    expect(judged.map(({ ruleId, verdict }) => [ruleId, verdict])).toEqual([
      ["helps", "keep"],
      ["harms", "retire"],
      ["chance", "retire"],
      ["untried", "retire"],
    ]);
    expect(judged[0]?.gain).toBeCloseTo(0.125, 12);
  });
});

test("a contributor taken out leaves no trace, and the order of runs does not matter", () => {
  const expert = (i: number): Trace => ({
    ...agentRun(`e${i}`, i % 3 === 0 ? "sxy" : "xyt"),
    source: "expert",
    contributor: `expert-${i % 5}`,
  });
  const agent = Array.from({ length: 40 }, (_, i) => agentRun(`a${i}`, i % 2 === 0 ? "st" : "ts"));
  const all = [...Array.from({ length: 40 }, (_, i) => expert(i)), ...agent];
  const learned = learnBehavior(all, { seed: "s" });
  expect(learned.rules[0]?.rule.text).toContain("`x`, then `y`");
  expect(learnBehavior(all.toReversed(), { seed: "s" })).toEqual(learned);
  const removed = learnBehavior(withoutContributor(all, "expert-1"), { seed: "s" });
  expect(removed.departures[0]?.contributors).toEqual(["expert-0", "expert-2", "expert-3", "expert-4"]);
  expect(removed.experts.traces).toBe(32);
  expect(removed.rules[0]?.rule.evidenceIds).not.toContain("e1");
  expect(learnBehavior([], { seed: "s" })).toMatchObject({ departures: [], rules: [], tested: 0 });
});
