import { describe, expect, it } from "vitest";
import type { CheckResult } from "./check-result.ts";
import { printCheck } from "./print-check.ts";
import { escapeXml, writeJunit } from "./write-junit.ts";

type Case = NonNullable<CheckResult["regression"]>["cases"][number];

const RUN = { endedAt: new Date("2026-01-02T03:04:05.678Z"), hostname: "runner-7" };

const aCase = (change: Partial<Case>): Case => ({
  case_id: "1",
  status: "passed",
  slices: ["default"],
  is_pinned: true,
  evaluator: "normalised",
  candidate_share: 1,
  baseline_share: 1,
  candidate_attempts: 1,
  baseline_attempts: 1,
  flakiness: null,
  expected_output: "refund",
  output: "refund",
  reason: null,
  ...change,
});

const result = (change: Partial<CheckResult> = {}): CheckResult => ({
  verdict: "failed",
  sentence: "It failed.",
  contributors: null,
  agent: "my-agent",
  run_id: "run",
  version_id: "version",
  inputs: { "2": 'Where is <my> "card" & why?\n\u0000\u001b' },
  seconds: 1.5,
  regression: {
    verdict: "failed",
    sentence: "1 pinned case breaks.",
    cases: [
      aCase({}),
      aCase({ case_id: "2", status: "broken", candidate_share: 0, output: "]]> \u0007 lost" }),
      aCase({ case_id: "3", status: "quarantined", reason: "It measures chance." }),
      aCase({ case_id: "4", status: "still_failing", output: null }),
    ],
    slices: [
      { slice: "default", cases: 3, pass_rate: 0.5, baseline_pass_rate: 0.9, floor: 0.8, held: false },
      { slice: "tag:vat", cases: 1, pass_rate: 1, baseline_pass_rate: null, floor: 0.8, held: true },
    ],
    paired: {
      cases: 3,
      test: "mcnemar",
      wins: 0,
      losses: 1,
      difference: -0.3,
      interval: [-1, 0.4],
      p_value: 0.5,
      is_worse: false,
    },
  },
  safety: {
    verdict: "inconclusive",
    sentence: "It answered nothing.",
    checks: [
      {
        name: "secrets",
        verdict: "failed",
        measured_by: "rules",
        cases: 1,
        candidate_rate: 1,
        baseline_rate: null,
        limit: 0,
        findings: [
          {
            place: "components.system_prompt",
            label: "npm token",
            excerpt: "Use [secret] & go",
            in_baseline: false,
          },
        ],
        sentence: "1 new secret.",
      },
      {
        name: "toxicity",
        verdict: "passed",
        measured_by: "rules",
        cases: 1,
        candidate_rate: 0,
        baseline_rate: 0,
        limit: 0,
        findings: [],
        sentence: "None.",
      },
      {
        name: "harmful_requests",
        verdict: "not_run",
        measured_by: "rules",
        cases: 0,
        candidate_rate: null,
        baseline_rate: null,
        limit: null,
        findings: [],
        sentence: "There is no baseline.",
      },
    ],
  },
  ...change,
});

/** Reads well-formed XML strictly: every tag closed in order, no stray sign. Returns elements with their attributes. */
interface Element {
  name: string;
  attributes: Record<string, string>;
  depth: number;
  parent: string;
}

function parse(xml: string): Element[] {
  const found: Element[] = [];
  const open: string[] = [];
  const refuse = (wrong: boolean, what: string): void => {
    if (wrong) throw new Error(`not well-formed: ${what}`);
  };
  const token = /<\?xml [^>]*\?>|<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  let at = 0;
  for (const match of xml.matchAll(token)) {
    refuse(match.index !== at, xml.slice(at, at + 80));
    at += match[0].length;
    const [, closes, name, attributes = "", empty, characters] = match;
    if (characters !== undefined) {
      const plain = characters.replace(/&(?:amp|lt|gt|quot|#\d+);/g, "");
      refuse(/[&>]|[^\P{Cc}\t\n\r]/u.test(plain), characters);
    } else if (closes === "/") refuse(open.pop() !== name, match[0]);
    else if (name !== undefined) {
      const pairs = [...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(
        ([, key = "", value = ""]) => [key, value] as const,
      );
      refuse(
        pairs.some(([, value]) => /\p{Cc}/u.test(value)),
        attributes,
      );
      found.push({
        name,
        attributes: Object.fromEntries(pairs),
        depth: open.length,
        parent: open.at(-1) ?? "",
      });
      if (empty !== "/") open.push(name);
    }
  }
  refuse(at !== xml.length, xml.slice(at, at + 80));
  refuse(open.length > 0, open.join(" "));
  return found;
}

const WHOLE = /^\d+$/;
const DECIMAL = /^\d+(?:\.\d+)?$/;
const TEXT = /\S/;

/** What Ant's schema requires of an element and lets be in it, which Jenkins' lets be as well: attributes, and children in this order. */
const RULES: Record<string, { attributes: Record<string, RegExp>; children: string[] }> = {
  testsuites: { attributes: {}, children: ["testsuite"] },
  testsuite: {
    attributes: {
      name: TEXT,
      package: TEXT,
      id: WHOLE,
      timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
      hostname: TEXT,
      tests: WHOLE,
      failures: WHOLE,
      errors: WHOLE,
      skipped: WHOLE,
      time: DECIMAL,
    },
    children: ["properties", "testcase", "system-out", "system-err"],
  },
  properties: { attributes: {}, children: ["property"] },
  property: { attributes: { name: TEXT, value: /^/ }, children: [] },
  testcase: { attributes: { classname: TEXT, name: TEXT, time: DECIMAL }, children: ["skipped", "failure"] },
  failure: { attributes: { message: /^/, type: TEXT }, children: [] },
  skipped: { attributes: { message: /^/ }, children: [] },
  "system-out": { attributes: {}, children: [] },
  "system-err": { attributes: {}, children: [] },
};

/** What of a file breaks the rules. */
function violations(elements: readonly Element[]): string[] {
  return elements.flatMap(({ name, attributes, parent, depth }, at) => {
    const rule = RULES[name];
    if (rule === undefined) return [`no element ${name}`];
    const problems = Object.entries(rule.attributes)
      .filter(([key, form]) => !form.test(attributes[key] ?? ""))
      .map(([key]) => `${name} ${key} is ${attributes[key]}`);
    const strange = Object.keys(attributes).filter((key) => rule.attributes[key] === undefined);
    const end = elements.findIndex((other, index) => index > at && other.depth <= depth);
    const children = elements
      .slice(at + 1, end === -1 ? undefined : end)
      .filter((other) => other.depth === depth + 1)
      .map((other) => other.name);
    const places = children.map((child) => rule.children.indexOf(child));
    if (places.some((place, index) => place < 0 || place < (places[index - 1] ?? 0)))
      problems.push(`${name} holds ${children.join(", ")}`);
    const required = name === "testsuite" ? ["properties", "system-out", "system-err"] : [];
    for (const child of required) {
      if (children.filter((one) => one === child).length !== 1) problems.push(`${name} needs one ${child}`);
    }
    if (name === "testcase" && children.length > 1) problems.push("testcase has two outcomes");
    if (name === "testsuite") {
      const cases = elements.slice(at + 1, end === -1 ? undefined : end);
      const counts = { tests: "testcase", failures: "failure", skipped: "skipped" };
      for (const [key, child] of Object.entries(counts)) {
        if (Number(attributes[key]) !== cases.filter((one) => one.name === child).length)
          problems.push(`testsuite counts ${attributes[key]} ${key}`);
      }
    }
    return [
      ...problems,
      ...strange.map((key) => `${name} has ${key}`),
      ...(depth === 0 && name !== "testsuites" ? [`${name} at the top of ${parent}`] : []),
    ];
  });
}

describe("writeJunit", () => {
  const elements = parse(writeJunit(result(), RUN));
  const of = (name: string): typeof elements => elements.filter((one) => one.name === name);

  it("is well-formed, with the elements in their places", () => {
    expect(of("testsuites")).toMatchObject([{ depth: 0 }]);
    expect(of("testsuite").map(({ attributes, depth }) => [attributes["name"], depth])).toEqual([
      ["regression", 1],
      ["safety", 1],
    ]);
    expect(
      of("testcase").every(({ depth, attributes }) => depth === 2 && attributes["classname"] !== ""),
    ).toBe(true);
    expect([...of("failure"), ...of("skipped")].every(({ depth }) => depth === 3)).toBe(true);
  });

  it("is what the schemas of Ant and Jenkins take", () => {
    expect(violations(elements)).toEqual([]);
    const broken = writeJunit(result(), RUN)
      .replace(' hostname="runner-7"', "")
      .replace("<system-err/>", "<bold/>")
      .replace('time="0"', 'time="soon" status="run"');
    expect(violations(parse(broken)).toSorted()).toEqual([
      "no element bold",
      "testcase has status",
      "testcase time is soon",
      "testsuite holds properties, testcase, testcase, testcase, testcase, testcase, testcase, testcase, system-out, bold",
      "testsuite hostname is undefined",
      "testsuite needs one system-err",
    ]);
    expect(of("testsuite")[0]?.attributes).toMatchObject({
      timestamp: "2026-01-02T03:04:04",
      hostname: "runner-7",
    });
  });

  it("says what did not pass", () => {
    // A broken case, a floor, a secret, and a suite without a conclusion.
    expect(of("failure").map(({ attributes }) => attributes["message"])).toEqual([
      "answered wrong; the baseline is right",
      "0.5 over 3 cases",
      "1 new secret.",
      "It answered nothing.",
    ]);
  });

  it("says what a wrong answer must not be", () => {
    const one = aCase({ status: "broken", evaluator: "differs", expected_output: "other", output: "other" });
    const regression = { verdict: "failed" as const, sentence: "", cases: [one], slices: [], paired: null };
    expect(writeJunit(result({ regression }), RUN)).toContain("must not be: other");
    expect(printCheck(result({ regression }))).toContain("must not be other; answered other");
  });

  it("says of a run that passed with nothing to compare that nothing failed", () => {
    const passed = result({
      regression: {
        verdict: "passed",
        sentence: "There is no case yet.",
        cases: [],
        slices: [],
        paired: null,
      },
      safety: null,
    });
    expect(parse(writeJunit(passed, RUN))[1]?.attributes).toMatchObject({ tests: "0", failures: "0" });
  });

  it("says what a contributor did to what the version was trained on", () => {
    const contributors = {
      dataset_id: "dataset",
      train_examples: 100,
      held_out_examples: 50,
      outputs: 3,
      score: 0.5,
      contributors: [],
      cohort: null,
      warnings: [],
    };
    const failed = result({
      contributors: { ...contributors, verdict: "failed", sentence: "One misleads." },
    });
    expect(writeJunit(failed, RUN)).toContain('<failure message="One misleads."');
    expect(printCheck(failed)).toContain("Contributors: failed. One misleads.");
    const untold = result({
      contributors: { ...contributors, verdict: "inconclusive", sentence: "Free text." },
    });
    expect(writeJunit(untold, RUN)).toContain('<skipped message="Free text."');
  });

  it("takes any text", () => {
    expect(escapeXml('a<b>&"\u0000\ud800')).toBe("a&lt;b&gt;&amp;&quot;\ufffd\ufffd");
  });
});

describe("printCheck", () => {
  it("says what broke, what was expected, and the verdict last", () => {
    const text = printCheck(result());
    expect(text).toMatch(/broken: Where is <my> "card" & why\?/);
    expect(text).toMatch(/expected refund; answered \]\]>/);
    expect(text).toMatch(/default +3 +50 % +90 % +80 %/);
    expect(text).toMatch(/secrets +failed/);
    expect(text.trimEnd().split("\n").at(-1)).toBe("FAILED: my-agent (run run), 1.5 s");
  });
});
