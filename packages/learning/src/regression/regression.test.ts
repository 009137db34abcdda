import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeAttempt } from "./case-evaluator.ts";
import { classifyCase, isDisputed } from "./classify-case.ts";
import { judgeRegression, type RegressionPolicy } from "./judge-regression.ts";
import type { CaseMeasure, JudgedAttempt, RegressionCase } from "./regression-case.ts";

const POLICY: RegressionPolicy = { sliceFloors: {}, significance: 0.05, maxUnjudged: 0.2, minCases: 0 };

const aCase = (change: Partial<RegressionCase> = {}): RegressionCase => ({
  id: "1",
  input: "question",
  expected: "refund",
  measure: { kind: "normalised" },
  slices: ["default"],
  isPinned: true,
  ...change,
});

/** "+" passed, "-" failed, "?" the evaluator failed, "0" the agent failed. */
const attempts = (marks: string): JudgedAttempt[] =>
  Array.from(marks, (mark, index) => {
    if (mark === "?") return { output: "x", score: null, error: "no verdict" };
    if (mark === "0") return { output: null, score: 0, error: "timed out" };
    return { output: `${mark}${index}`, score: mark === "+" ? 1 : 0 };
  });

describe("judgeAttempt", () => {
  it.each<[CaseMeasure, string, string, number]>([
    [{ kind: "exact" }, "Refund", "refund", 0],
    [{ kind: "normalised" }, "Refund", " refund. ", 1],
    [{ kind: "numeric", absolute: 0.5 }, "12", "It is 12.4", 1],
    [{ kind: "numeric" }, "12", "It is 12.4", 0],
    [{ kind: "regex", pattern: "^\\d{3}$" }, "", "123", 1],
    [{ kind: "json_fields", fields: ["intent"] }, '{"intent":"a","x":1}', '{"intent":"a","x":2}', 1],
    [{ kind: "contains" }, "31 March", "The deadline is 31 march, as said.", 1],
    [{ kind: "contains" }, "31 March", "The deadline is 30 March.", 0],
    [{ kind: "differs" }, "You are wrong.", "you are wrong", 0],
    [{ kind: "differs" }, "You are wrong.", "I am sorry.", 1],
  ])("%j: expected %j, got %j: %d", async (measure, expected, output, score) => {
    expect(await judgeAttempt(aCase({ measure, expected }), { output })).toMatchObject({ score });
  });

  it("does not take an evaluator's failure for a wrong answer", async () => {
    const judged = await judgeAttempt(aCase({ measure: { kind: "judge", rubric: "It is polite." } }), {
      output: "Hello",
    });
    expect(judged).toMatchObject({ score: null, error: expect.stringContaining("no language model") });
    const pattern = await judgeAttempt(aCase({ measure: { kind: "regex", pattern: "(" } }), { output: "x" });
    expect(pattern).toMatchObject({ score: null, error: expect.stringMatching(/regular expression|group/i) });
  });

  it("takes an agent's failure for one", async () => {
    expect(await judgeAttempt(aCase(), { error: "timed out" })).toEqual({
      output: null,
      score: 0,
      error: "timed out",
    });
  });

  it("asks the judge with the rubric, and reads what it says", async () => {
    const asked: string[] = [];
    const model = {
      generate: async ({ messages }: { messages: readonly { content: string }[] }) => {
        asked.push(messages.map(({ content }) => content).join("\n"));
        return { text: '{"reason":"it is rude","pass":false}', promptTokens: 1, completionTokens: 1 };
      },
    };
    const one = aCase({ measure: { kind: "judge", rubric: "It is polite." } });
    expect(await judgeAttempt(one, { output: "No!" }, { model })).toMatchObject({ score: 0 });
    expect(asked[0]).toContain("It is polite.");
  });
});

describe("classifyCase", () => {
  it.each<[string, string, string | undefined, boolean, string]>([
    ["both right", "+", "+", true, "passed"],
    ["broken", "-", "+", true, "broken"],
    ["broken each time", "---", "+++", true, "broken"],
    ["a first version that fails", "-", undefined, true, "broken"],
    ["wrong but not pinned", "-", "+", false, "failed"],
    ["wrong as before", "-", "-", true, "still_failing"],
    ["repaired", "+", "-", true, "passed"],
    ["the baseline passes by luck", "---", "+-+", true, "quarantined"],
    ["the baseline fails by luck", "+++", "-++", true, "quarantined"],
    ["unlucky once of three", "-++", "+++", true, "passed"],
    ["right once of three", "+--", "+++", true, "broken"],
    ["half is not enough", "+-", "++", true, "broken"],
    ["the agent gave no answer", "000", "+++", true, "broken"],
    ["the evaluator failed on all", "???", "+++", true, "not_judged"],
    ["the evaluator failed on one", "?++", "+++", true, "passed"],
    ["the evaluator failed on the baseline", "-", "?", true, "broken"],
    ["nobody answered", "", "+", true, "not_judged"],
  ])("%s", (_name, candidate, baseline, isPinned, status) => {
    const result = classifyCase(
      aCase({ isPinned }),
      attempts(candidate),
      baseline === undefined ? undefined : attempts(baseline),
    );
    expect(result.status).toBe(status);
    const explained = status === "quarantined" || status === "not_judged";
    expect(result.reason ?? "").toMatch(explained ? /\.$/ : /^$|^The agent failed/);
  });

  it("blames the evaluator when it judges one answer both ways", () => {
    const result = classifyCase(
      aCase(),
      [
        { output: "same", score: 0 },
        { output: "same", score: 1 },
        { output: "same", score: 0 },
      ],
      attempts("+++"),
    );
    expect(result).toMatchObject({ status: "quarantined", reason: expect.stringContaining("evaluator") });
    expect(result.flakiness).toBeCloseTo(2 / 3);
  });

  it("measures flakiness as the share of pairs of attempts that disagree", () => {
    expect(classifyCase(aCase(), attempts("+"), attempts("+")).flakiness).toBeNull();
    expect(classifyCase(aCase(), attempts("+++"), attempts("+++")).flakiness).toBe(0);
    expect(classifyCase(aCase(), attempts("+-"), undefined).flakiness).toBe(1);
  });
});

describe("isDisputed", () => {
  it.each<[string, string | undefined, number, boolean]>([
    ["+", "+", 3, false],
    ["-", "+", 3, true],
    ["+", "-", 3, true],
    ["-", undefined, 3, true],
    ["?", "+", 3, true],
    ["-", "+", 1, false],
    ["---", "+++", 3, false],
  ])("candidate %s, baseline %s, %d attempts: %s", (candidate, baseline, repeats, disputed) => {
    expect(
      isDisputed(attempts(candidate), baseline === undefined ? undefined : attempts(baseline), repeats),
    ).toBe(disputed);
  });
});

type Mark = [candidate: string, baseline: string | undefined, change?: Partial<RegressionCase>];

function judge(
  marks: readonly Mark[],
  policy: Partial<RegressionPolicy> = {},
): ReturnType<typeof judgeRegression> {
  const rows = marks.map(([candidate, baseline, change], index) => ({
    one: aCase({ id: String(index), ...change }),
    candidate: attempts(candidate),
    baseline: baseline === undefined ? undefined : attempts(baseline),
  }));
  return judgeRegression({
    results: rows.map(({ one, candidate, baseline }) => classifyCase(one, candidate, baseline)),
    first: new Map(
      rows.map(({ one, candidate, baseline }) => [
        one.id,
        { candidate: candidate[0], baseline: baseline?.[0] },
      ]),
    ),
    policy: { ...POLICY, ...policy },
  });
}

const many = (count: number, mark: Mark): Mark[] => Array.from({ length: count }, () => mark);

describe("judgeRegression", () => {
  it("passes an empty suite and says that nothing was compared", () => {
    expect(judge([])).toMatchObject({
      verdict: "passed",
      sentence: expect.stringContaining("no case yet"),
      paired: null,
    });
  });

  it("concludes nothing from fewer cases than the policy wants", () => {
    expect(judge([], { minCases: 5 }).verdict).toBe("inconclusive");
    expect(judge(many(4, ["+", "+"]), { minCases: 5 })).toMatchObject({
      verdict: "inconclusive",
      sentence: expect.stringContaining("the policy wants 5"),
    });
  });

  it("fails on one pinned case that breaks, and not on one that fails as before", () => {
    expect(judge([...many(9, ["+", "+"]), ["-", "+"]])).toMatchObject({
      verdict: "failed",
      sentence: expect.stringContaining("1 pinned case breaks"),
    });
    expect(judge([...many(9, ["+", "+"]), ["-", "-"]])).toMatchObject({
      verdict: "passed",
      sentence: expect.stringContaining("1 case fails as before"),
    });
  });

  it("does not refuse for a case that measures chance, and says that it was set aside", () => {
    const report = judge([...many(9, ["+", "+"]), ["---", "+-+"]]);
    expect(report).toMatchObject({ verdict: "passed", sentence: expect.stringContaining("set aside") });
  });

  it("concludes nothing when too many pinned cases could not be judged", () => {
    expect(judge([...many(3, ["+", "+"]), ...many(2, ["???", "+++"])]).verdict).toBe("inconclusive");
    expect(judge([...many(8, ["+", "+"]), ...many(2, ["???", "+++"])]).verdict).toBe("passed");
  });

  it("holds each slice to its floor, whatever the baseline does", () => {
    const tax = { slices: ["default", "domain:tax"], isPinned: false };
    const marks: Mark[] = [...many(6, ["+", "+", tax]), ...many(4, ["-", "-", tax]), ...many(10, ["+", "+"])];
    expect(judge(marks, { sliceFloors: { "domain:tax": 0.7 } })).toMatchObject({
      verdict: "failed",
      sentence: expect.stringContaining("domain:tax is at 60 % of 10 cases, below its floor of 70 %"),
    });
    expect(judge(marks, { sliceFloors: { "domain:tax": 0.6, default: 0.8 } }).verdict).toBe("passed");
    expect(judge(marks, { sliceFloors: { "domain:law": 0.5 } })).toMatchObject({
      verdict: "inconclusive",
      sentence: expect.stringContaining("no judged case"),
    });
  });

  it("fails a candidate that is worse over cases that nobody pinned", () => {
    const free = { isPinned: false };
    const report = judge([...many(5, ["-", "+", free]), ...many(20, ["+", "+", free])]);
    // One-sided exact McNemar of 5 lost and 0 won: 0.5^5.
    expect(report).toMatchObject({
      verdict: "failed",
      paired: { losses: 5, wins: 0, isWorse: true, test: "mcnemar" },
    });
    expect(report.paired?.pValue).toBeCloseTo(0.5 ** 5, 12);
    expect(judge([...many(4, ["-", "+", free]), ...many(20, ["+", "+", free])])).toMatchObject({
      verdict: "passed",
      paired: { isWorse: false },
    });
    expect(judge([...many(5, ["-", "+", free]), ...many(5, ["+", "-", free])]).paired).toMatchObject({
      isWorse: false,
    });
  });

  it("never fails a candidate that passes whatever the baseline passes", () => {
    const mark = fc.constantFrom<Mark>(["+", "+"], ["+", "-"], ["-", "-"], ["+++", "+-+"]);
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 30 }), (marks) => {
        expect(judge(marks, { maxUnjudged: 1 }).verdict).toBe("passed");
      }),
    );
  });

  it("never passes a candidate that breaks a pinned case", () => {
    const mark = fc.constantFrom<Mark>(["+", "+"], ["+", "-"], ["-", "-"], ["???", "+"]);
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 30 }), (marks) => {
        expect(judge([...marks, ["-", "+"]]).verdict).toBe("failed");
      }),
    );
  });
});
