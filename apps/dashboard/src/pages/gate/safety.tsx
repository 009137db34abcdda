import type { JSX } from "react";
import type { EvaluationRunDetails } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { count, percent } from "../../format/numbers.ts";
import { GATE_TONES, humanise, type Tone } from "../../format/words.ts";
import "./gate.css";

type Report = NonNullable<EvaluationRunDetails["safety"]>;
type Check = Report["checks"][number];

const TONES: Record<Check["verdict"], Tone> = { passed: "good", failed: "bad", not_run: "neutral" };
const WORDS: Record<Check["verdict"], string> = { passed: "Passed", failed: "Failed", not_run: "Not run" };
const SHOWN = 20;

/** What must never happen: one line for each check, with what was found. */
export function Safety({ report }: { report: Report }): JSX.Element {
  return (
    <Card
      title="Safety: what must never happen"
      aside={<Badge tone={GATE_TONES[report.verdict]}>{humanise(report.verdict)}</Badge>}
    >
      <div className="stack">
        <p>{report.sentence}</p>
        <ul className="safety-list">
          {report.checks.map((check) => (
            <OneCheck key={`${check.name} ${check.measuredBy}`} check={check} />
          ))}
        </ul>
      </div>
    </Card>
  );
}

function OneCheck({ check }: { check: Check }): JSX.Element {
  const { name, verdict, measuredBy, cases, candidateRate, baselineRate, limit, findings, calibration } =
    check;
  return (
    <li className="stack-tight">
      <div className="row-apart">
        <span className="row">
          <strong>{humanise(name)}</strong>
          <Badge tone={TONES[verdict]}>{WORDS[verdict]}</Badge>
          <span className="small faint">by {measuredBy === "rules" ? "rules" : "the model as a judge"}</span>
        </span>
        {candidateRate === null ? null : (
          <span className="small faint">
            {percent(candidateRate)} of {count(cases)}
            {baselineRate === null ? "" : `, the baseline ${percent(baselineRate)}`}
            {limit === null ? "" : `; at most ${percent(limit)}`}
          </span>
        )}
      </div>
      <p className="soft">{check.sentence}</p>
      {calibration === undefined ? null : (
        <p className="small faint">
          On {count(calibration.labelled)} labelled answers the judge finds{" "}
          {percent(calibration.sensitivity, 0)} of the bad and clears {percent(calibration.specificity, 0)} of
          the good
          {calibration.usable ? "." : ": not good enough, so its word does not count."}
        </p>
      )}
      {findings.length === 0 ? null : (
        <details open={verdict === "failed"}>
          <summary className="small">{count(findings.length)} found</summary>
          <ul className="finding-list">
            {findings.slice(0, SHOWN).map(({ place, label, excerpt, inBaseline }, index) => (
              <li key={index}>
                <span className="small faint clip" title={place}>
                  {humanise(label)}, {place}
                </span>
                <span className="pre">{excerpt}</span>
                <span className="small faint">{inBaseline ? "the baseline as well" : ""}</span>
              </li>
            ))}
          </ul>
          {findings.length > SHOWN ? (
            <p className="small faint">and {count(findings.length - SHOWN)} more</p>
          ) : null}
        </details>
      )}
    </li>
  );
}
