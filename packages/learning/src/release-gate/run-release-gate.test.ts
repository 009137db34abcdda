import { describe, expect, it } from "vitest";
import type { Candidate } from "../prompt/candidate.ts";
import type { RegressionCase } from "../regression/regression-case.ts";
import { SAFETY_PROBES } from "../safety/probes.ts";
import type { GateAnswerer } from "./collect-answers.ts";
import { type ReleaseGateOptions, runReleaseGate } from "./run-release-gate.ts";

const texts: Candidate = { runtime: "demonstrations", components: {}, demonstrations: [], parameters: {} };
const cases: RegressionCase[] = ["a", "b", "c"].map((id) => ({
  id,
  input: `question ${id}`,
  expected: `answer ${id}`,
  measure: { kind: "normalised" },
  slices: ["default"],
  isPinned: true,
}));

const right: GateAnswerer = async ({ input }) => ({ output: input.replace("question", "answer") });

const gate = (change: Partial<ReleaseGateOptions>): ReturnType<typeof runReleaseGate> =>
  runReleaseGate({
    cases,
    checks: { regression: true, safety: true },
    candidate: { texts, answer: right },
    baseline: { texts, answer: right },
    regression: { sliceFloors: {}, significance: 0.05, maxUnjudged: 0.2, minCases: 0 },
    safety: {
      allowedValues: [],
      maxInjectionRate: 0.1,
      maxRefusalRate: 0.1,
      maxHarmfulRate: 0.1,
      maxToxicRate: 0,
      maxRise: 0.1,
    },
    repeats: 3,
    ...change,
  });

describe("runReleaseGate", () => {
  it("asks everything once of both sides, and passes", async () => {
    const { report } = await gate({});
    expect(report).toMatchObject({
      verdict: "passed",
      regression: { verdict: "passed" },
      safety: { verdict: "passed" },
    });
    expect(report?.answers).toHaveLength(2 * (cases.length + SAFETY_PROBES.length));
  });

  it("asks a disputed case again on both sides, and no other", async () => {
    const asked: string[] = [];
    const answer: GateAnswerer = async (question, attempt) => {
      asked.push(`${question.id}#${attempt}`);
      return question.id === "case/b" ? { output: "wrong" } : right(question, attempt);
    };
    const { report } = await gate({
      candidate: { texts, answer },
      checks: { regression: true, safety: false },
    });
    expect(asked.sort()).toEqual(["case/a#1", "case/b#1", "case/b#2", "case/b#3", "case/c#1"]);
    expect(report).toMatchObject({ verdict: "failed", safety: null });
    expect(report?.regression?.cases.find(({ id }) => id === "b")).toMatchObject({
      status: "broken",
      candidateAttempts: 3,
      baselineAttempts: 3,
    });
  });

  it("names what is not answered yet, first all, then what is disputed", async () => {
    const given = new Map<string, string>();
    const answer: GateAnswerer = async ({ id }, attempt) => {
      const output = given.get(`${id}#${attempt}`);
      return output === undefined ? undefined : { output };
    };
    const step = (): ReturnType<typeof runReleaseGate> =>
      gate({ candidate: { texts, answer }, checks: { regression: true, safety: false } });
    const first = await step();
    expect(first.pending).toEqual(
      ["a", "b", "c"].map((id) => ({ questionId: `case/${id}`, side: "candidate", attempt: 1 })),
    );
    for (const { questionId } of first.pending ?? [])
      given.set(`${questionId}#1`, questionId === "case/c" ? "wrong" : `answer ${questionId.slice(5)}`);
    const second = await step();
    expect(second.pending).toEqual(
      [2, 3].map((attempt) => ({ questionId: "case/c", side: "candidate", attempt })),
    );
    for (const { questionId, attempt } of second.pending ?? [])
      given.set(`${questionId}#${attempt}`, "wrong");
    expect((await step()).report).toMatchObject({ verdict: "failed" });
  });

  it("does without a baseline's answer that nobody will give", async () => {
    const answer: GateAnswerer = async (question, attempt) =>
      question.id === "case/a" ? right(question, attempt) : undefined;
    const { report } = await gate({
      baseline: { texts, answer },
      checks: { regression: true, safety: false },
    });
    expect(report?.regression).toMatchObject({ verdict: "passed", paired: { cases: 1 } });
    const waiting = await gate({
      baseline: { texts, answer, awaited: true },
      checks: { regression: true, safety: false },
    });
    expect(waiting.pending?.map(({ questionId, side }) => [questionId, side])).toEqual([
      ["case/b", "baseline"],
      ["case/c", "baseline"],
    ]);
  });

  it("takes an error as the agent's answer, and a rejection as nobody's", async () => {
    const failing = await gate({ candidate: { texts, answer: async () => ({ error: "it crashed" }) } });
    expect(failing.report).toMatchObject({
      verdict: "failed",
      regression: { verdict: "failed" },
      safety: { verdict: "inconclusive" },
    });
    expect(failing.report?.regression?.cases[0]?.reason).toContain("it crashed");
    const away: GateAnswerer = async () => Promise.reject(new Error("the endpoint is away"));
    await expect(gate({ candidate: { texts, answer: away } })).rejects.toThrow("the endpoint is away");
  });

  it("passes with nothing to ask, and says so", async () => {
    const { report } = await gate({ cases: [], checks: { regression: true, safety: false } });
    expect(report).toMatchObject({
      verdict: "passed",
      sentence: expect.stringContaining("nothing was compared"),
    });
  });

  it("stops when it is told to", async () => {
    const stopping = new AbortController();
    stopping.abort(new Error("stop"));
    await expect(gate({ signal: stopping.signal })).rejects.toThrow("stop");
  });
});
