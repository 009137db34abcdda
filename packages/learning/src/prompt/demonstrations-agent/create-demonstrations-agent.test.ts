import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MESSAGES } from "../../testing/messages.ts";
import type { Candidate, Demonstration } from "../candidate.ts";
import { createDemonstrationsAgentCache } from "./agent-cache.ts";
import { castVotes } from "./cast-votes.ts";
import { createDemonstrationsAgent } from "./create-demonstrations-agent.ts";

function candidate(demonstrations: Demonstration[], parameters: Candidate["parameters"] = {}): Candidate {
  return { runtime: "demonstrations", components: {}, demonstrations, parameters };
}

const all = MESSAGES.map((row) => ({ input: row.input, output: row.expected, exampleId: row.id }));

describe("the demonstrations agent", () => {
  test("answers with the output of the most similar demonstrations", () => {
    const agent = createDemonstrationsAgent(candidate(all));
    const answer = agent.answer("Could you resend the invoice from February?");
    expect(answer.output).toBe("invoice_copy");
    expect(answer.neighbours[0]?.demonstration.input).toContain("invoice");
    expect(answer.neighbours[0]?.similarity).toBe(1);
    expect(answer.confidence).toBeGreaterThan(0.4);
  });

  test("gets better with more demonstrations on messages that it has not seen", () => {
    const accuracy = (shown: number): number => {
      const agent = createDemonstrationsAgent(candidate(all.slice(0, shown)));
      const unseen = MESSAGES.slice(30);
      return unseen.filter((row) => agent.answer(row.input).output === row.expected).length / unseen.length;
    };
    expect(accuracy(30)).toBeGreaterThan(accuracy(5));
    expect(accuracy(30)).toBeGreaterThanOrEqual(0.7);
  });

  test("leave-one-out hides the row's example and every demonstration with its input", () => {
    const agent = createDemonstrationsAgent(
      candidate([
        { input: "Move the audit", output: "wrong", exampleId: "e1" },
        { input: "move  the AUDIT", output: "wrong too" },
        { input: "The audit has a date", output: "right" },
      ]),
    );
    expect(agent.answer("Move the audit").output).toBe("wrong");
    expect(agent.answer("Move the audit", { leaveOut: { exampleId: "e1" } }).output).toBe("wrong too");
    const hidden = agent.answer("Move the audit", { leaveOut: { exampleId: "e1", input: "Move the audit" } });
    expect(hidden.output).toBe("right");
    expect(hidden.neighbours).toHaveLength(1);
  });

  test.each([
    ["the most frequent output", {}, "b"],
    ["the stated one", { default_output: "please wait" }, "please wait"],
  ])("without a match it gives %s", (_name, parameters, expected) => {
    const demonstrations = [
      { input: "one", output: "a" },
      { input: "two", output: "b" },
      { input: "three", output: "b" },
    ];
    const answer = createDemonstrationsAgent(candidate(demonstrations, parameters)).answer("ζζζ ξξξ");
    expect(answer).toEqual({ output: expected, confidence: 0, neighbours: [] });
  });

  test("without demonstrations it gives an empty output", () => {
    expect(createDemonstrationsAgent(candidate([])).answer("hello").output).toBe("");
    expect(createDemonstrationsAgent(candidate([])).answer("").output).toBe("");
  });

  test("the number of voters is a parameter", () => {
    const agent = createDemonstrationsAgent(candidate(all, { neighbours: 3 }));
    expect(agent.answer("When is the audit?").neighbours).toHaveLength(3);
  });

  test("is deterministic, confident between 0 and 1, and only says what was demonstrated", () => {
    const agent = createDemonstrationsAgent(candidate(all));
    const again = createDemonstrationsAgent(candidate(all));
    const outputs = new Set(all.map((demonstration) => demonstration.output));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...MESSAGES.map((row) => row.input))), (input) => {
        const answer = agent.answer(input);
        expect(again.answer(input)).toEqual(answer);
        expect(outputs).toContain(answer.output);
        expect(answer.confidence).toBeGreaterThanOrEqual(0);
        expect(answer.confidence).toBeLessThan(1);
      }),
    );
  });
});

describe("castVotes", () => {
  const vote = (
    output: string,
    similarity: number,
  ): { demonstration: Demonstration; similarity: number } => ({
    demonstration: { input: "", output },
    similarity,
  });

  test("one near neighbour beats two far ones", () => {
    expect(castVotes([vote("near", 1), vote("far", 0.7), vote("far", 0.7)]).output).toBe("near");
    expect(castVotes([vote("near", 1), vote("far", 0.9), vote("far", 0.9)]).output).toBe("far");
  });

  test("equal votes go to the nearer first voter", () => {
    expect(castVotes([vote("first", 1), vote("second", 1)]).output).toBe("first");
  });

  test("a single neighbour is no certainty, agreement adds to confidence", () => {
    expect(castVotes([vote("a", 1)]).confidence).toBeCloseTo(2 / 3, 12);
    expect(castVotes([vote("a", 1), vote("a", 1)]).confidence).toBeCloseTo(4 / 5, 12);
  });
});

describe("the cache of agents", () => {
  test("builds each candidate once and forgets the least recently used", () => {
    const cache = createDemonstrationsAgentCache({ limit: 2 });
    const [one, two, three] = [1, 2, 3].map((count) => candidate(all.slice(0, count))) as [
      Candidate,
      Candidate,
      Candidate,
    ];
    const first = cache.agentFor(one);
    cache.agentFor(two);
    expect(cache.agentFor(structuredClone(one))).toBe(first);
    cache.agentFor(three);
    expect(cache.agentFor(one)).toBe(first);
    cache.agentFor(two);
    cache.agentFor(three);
    expect(cache.agentFor(one)).not.toBe(first);
  });
});
