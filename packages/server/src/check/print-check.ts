import type { CheckResult } from "./check-result.ts";

const SHOWN = 20;
const WIDTH = 72;

const short = (text: string): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
};

const percent = (rate: number | null): string => (rate === null ? "–" : `${Math.round(rate * 1000) / 10} %`);

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}

/** What the expected text of a case means. */
export function wantedOf({ evaluator }: { evaluator: string }): string {
  if (evaluator === "differs") return "must not be";
  return evaluator === "contains" ? "must contain" : "expected";
}

function regressionLines({ regression, inputs }: CheckResult): string[] {
  if (regression === null) return [];
  const wanted = regression.cases.filter(({ status }) => status !== "passed");
  const lines = [`Regression: ${regression.verdict}. ${regression.sentence}`];
  if (regression.slices.length > 0) {
    lines.push(
      ...table([
        ["slice", "cases", "candidate", "baseline", "floor"],
        ...regression.slices
          .slice(0, SHOWN)
          .map((one) => [
            one.slice,
            String(one.cases),
            percent(one.pass_rate),
            percent(one.baseline_pass_rate),
            percent(one.floor),
          ]),
      ]),
    );
  }
  for (const one of wanted.slice(0, SHOWN)) {
    lines.push(`  ${one.status}: ${short(inputs[one.case_id] ?? one.case_id)}`);
    lines.push(
      `    ${wantedOf(one)} ${short(one.expected_output)}; answered ${one.output === null ? "nothing" : short(one.output)}`,
    );
    if (one.reason !== null) lines.push(`    ${one.reason}`);
  }
  if (wanted.length > SHOWN) lines.push(`  … and ${wanted.length - SHOWN} further cases`);
  return lines;
}

function contributorLines({ contributors }: CheckResult): string[] {
  return contributors === null ? [] : [`Contributors: ${contributors.verdict}. ${contributors.sentence}`];
}

function safetyLines({ safety }: CheckResult): string[] {
  if (safety === null) return [];
  return [
    `Safety: ${safety.verdict}.`,
    ...table([
      ["check", "verdict", "candidate", "baseline", "at most"],
      ...safety.checks.map((check) => [
        check.name,
        check.verdict,
        percent(check.candidate_rate),
        percent(check.baseline_rate),
        percent(check.limit),
      ]),
    ]),
    ...safety.checks
      .filter(({ verdict }) => verdict === "failed")
      .flatMap((check) => [
        `  ${check.name}: ${check.sentence}`,
        ...check.findings
          .slice(0, 5)
          .map(({ place, label, excerpt }) => `    ${place}: ${label}: ${short(excerpt)}`),
      ]),
  ];
}

/** A check as a person reads it on a terminal. */
export function printCheck(result: CheckResult): string {
  const mark = { passed: "PASSED", failed: "FAILED", inconclusive: "NO CONCLUSION" }[result.verdict];
  return [
    ...regressionLines(result),
    ...safetyLines(result),
    ...contributorLines(result),
    `${mark}: ${result.agent}${result.run_id === null ? "" : ` (run ${result.run_id})`}, ${result.seconds.toFixed(1)} s`,
    "",
  ].join("\n");
}
