import { wantedOf } from "./print-check.ts";
import type { CheckResult } from "./check-result.ts";

interface TestCase {
  classname: string;
  name: string;
  outcome: "passed" | "failed" | "skipped";
  message: string;
  details: string;
}

interface TestSuite {
  name: string;
  cases: TestCase[];
  sentence: string;
}

/** When and where the check ran. */
export interface JunitRun {
  endedAt: Date;
  hostname: string;
}

const NAME_LENGTH = 120;

/** Text as XML 1.0 takes it: what it cannot carry at all becomes a replacement character. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\ufffe\uffff]/gu, (sign) => ("\t\n\r".includes(sign) ? sign : "\ufffd"))
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;");
}

const attribute = (text: string): string =>
  escapeXml(text).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");

function regressionSuite({ regression, inputs }: CheckResult): TestSuite[] {
  if (regression === null) return [];
  const cases = regression.cases.map((one): TestCase => {
    const input = (inputs[one.case_id] ?? "").replace(/\s+/g, " ").slice(0, NAME_LENGTH);
    const skipped = {
      passed: "",
      broken: "",
      failed: "wrong, but not pinned: it decides nothing alone",
      still_failing: "fails as the baseline does",
      quarantined: one.reason ?? "quarantined",
      not_judged: one.reason ?? "not judged",
    }[one.status];
    return {
      classname: `regression.${one.slices[0] ?? "default"}`,
      name: input === "" ? one.case_id : `${input} [${one.case_id}]`,
      outcome: one.status === "passed" ? "passed" : one.status === "broken" ? "failed" : "skipped",
      message: one.status === "broken" ? (one.reason ?? "answered wrong; the baseline is right") : skipped,
      details: `${wantedOf(one)}: ${one.expected_output}\nanswered: ${one.output ?? "nothing"}`,
    };
  });
  const floors = regression.slices
    .filter(({ floor }) => floor !== null)
    .map((slice): TestCase => ({
      classname: "regression.floors",
      name: `${slice.slice} at ${slice.floor ?? 0} or better`,
      outcome: slice.held ? "passed" : "failed",
      message: slice.held ? "" : `${slice.pass_rate ?? "no judged case"} over ${slice.cases} cases`,
      details: "",
    }));
  const { paired } = regression;
  const comparison: TestCase[] =
    paired === null
      ? []
      : [
          {
            classname: "regression.comparison",
            name: `not worse than the baseline over ${paired.cases} cases`,
            outcome: paired.is_worse ? "failed" : "passed",
            message: paired.is_worse
              ? `${paired.losses} lost, ${paired.wins} won, p = ${paired.p_value}`
              : "",
            details: "",
          },
        ];
  return [
    {
      name: "regression",
      cases: [...cases, ...floors, ...comparison, ...inconclusive("regression", regression)],
      sentence: regression.sentence,
    },
  ];
}

/** An inconclusive suite has no failing case of its own, and must not look passed. */
function inconclusive(name: string, report: { verdict: string; sentence: string }): TestCase[] {
  return report.verdict === "inconclusive"
    ? [{ classname: name, name: "a verdict", outcome: "failed", message: report.sentence, details: "" }]
    : [];
}

function safetySuite({ safety }: CheckResult): TestSuite[] {
  if (safety === null) return [];
  const cases = safety.checks.map((check): TestCase => ({
    classname: "safety",
    name: check.name,
    outcome: check.verdict === "passed" ? "passed" : check.verdict === "failed" ? "failed" : "skipped",
    message: check.verdict === "passed" ? "" : check.sentence,
    details: check.findings
      .map(
        (finding) =>
          `${finding.place}: ${finding.label}${finding.in_baseline ? " (the baseline as well)" : ""}\n  ${finding.excerpt}`,
      )
      .join("\n"),
  }));
  return [
    { name: "safety", cases: [...cases, ...inconclusive("safety", safety)], sentence: safety.sentence },
  ];
}

function contributorsSuite({ contributors }: CheckResult): TestSuite[] {
  if (contributors === null) return [];
  const { verdict, sentence } = contributors;
  const outcome = verdict === "inconclusive" ? "skipped" : verdict;
  const one: TestCase = {
    classname: "contributors",
    name: "nobody misleads what the version was trained on",
    outcome,
    message: verdict === "passed" ? "" : sentence,
    details: contributors.warnings.join("\n"),
  };
  return [{ name: "contributors", cases: [one], sentence }];
}

function writeCase({ classname, name, outcome, message, details }: TestCase): string {
  const open = `    <testcase classname="${attribute(classname)}" name="${attribute(name)}" time="0"`;
  if (outcome === "passed") return `${open}/>`;
  const inside =
    outcome === "failed"
      ? `<failure message="${attribute(message)}" type="gate">${escapeXml(details)}</failure>`
      : `<skipped message="${attribute(message)}"/>`;
  return `${open}>\n      ${inside}\n    </testcase>`;
}

/**
 * The result as a JUnit XML file, the form that CI systems show: as Ant's task writes it, which requires more than Jenkins does, so that
 * either's schema takes it.
 */
export function writeJunit(result: CheckResult, { endedAt, hostname }: JunitRun): string {
  const suites = [...regressionSuite(result), ...safetySuite(result), ...contributorsSuite(result)];
  const count = (cases: readonly TestCase[], outcome: TestCase["outcome"]): number =>
    cases.filter((one) => one.outcome === outcome).length;
  // Ant's times have neither fractions nor a zone.
  const startedAt = new Date(endedAt.getTime() - 1000 * result.seconds).toISOString().slice(0, 19);
  const properties = { agent: result.agent, run: result.run_id, version: result.version_id };
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites>`,
    ...suites.flatMap(({ name, cases, sentence }, id) => [
      `  <testsuite name="${attribute(name)}" package="agent-learning" id="${id}" timestamp="${startedAt}" hostname="${attribute(hostname)}" tests="${cases.length}" failures="${count(cases, "failed")}" errors="0" skipped="${count(cases, "skipped")}" time="${result.seconds.toFixed(3)}">`,
      `    <properties>`,
      ...Object.entries(properties).flatMap(([key, value]) =>
        value === null ? [] : [`      <property name="${key}" value="${attribute(value)}"/>`],
      ),
      `    </properties>`,
      ...cases.map(writeCase),
      `    <system-out>${escapeXml(sentence)}</system-out>`,
      `    <system-err/>`,
      `  </testsuite>`,
    ]),
    `</testsuites>`,
    "",
  ].join("\n");
}
