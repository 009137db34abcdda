import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { RolloutDetails, RolloutGuardrail } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { EvidenceMeter } from "../../components/evidence-meter.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { count } from "../../format/numbers.ts";
import { metricWord, type Tone } from "../../format/words.ts";
import { GuardrailRows } from "./guardrail-rows.tsx";

const TONES: Record<RolloutGuardrail["status"], Tone> = {
  breached: "bad",
  passed: "good",
  undecided: "neutral",
};
const WORDS: Record<RolloutGuardrail["status"], string> = {
  breached: "Broken",
  passed: "Kept",
  undecided: "Not decided",
};

/** Each guardrail's evidence against the candidate, beside the boundary at which it is rolled back. */
export function RolloutGuardrails({ rollout }: { rollout: RolloutDetails }): JSX.Element {
  const { why } = rollout;
  return (
    <Card
      title="Guardrails"
      aside={
        why === null ? undefined : (
          <span className="small faint">
            last look <RelativeTime time={rollout.evaluatedAt} />
          </span>
        )
      }
    >
      {why === null ? (
        <p className="soft">
          Nothing has been looked at yet. The first look comes with the first users of the candidate.
        </p>
      ) : (
        <div className="stack">
          <p>{why.reason}</p>
          <ul className="columns">
            {why.guardrails.map((guardrail) => (
              <li key={guardrail.name} className="stack-tight">
                <div className="row-apart">
                  <strong>{metricWord(guardrail.name)}</strong>
                  <Badge tone={TONES[guardrail.status]}>{WORDS[guardrail.status]}</Badge>
                </div>
                <EvidenceMeter
                  label={`Evidence against the candidate in ${metricWord(guardrail.name).toLowerCase()}`}
                  evidence={guardrail.lnEvidence}
                  threshold={guardrail.lnThreshold}
                />
                <p className="soft">{guardrail.sentence}</p>
                <p className="small faint">
                  n ={" "}
                  <Link to="/executions" search={{ version: rollout.candidateVersionId }}>
                    {count(guardrail.candidateUnits)} candidate
                  </Link>
                  ,{" "}
                  <Link to="/executions" search={{ version: rollout.baselineVersionId ?? undefined }}>
                    {count(guardrail.controlUnits)} control
                  </Link>
                </p>
                <GuardrailRows rollout={rollout} guardrail={guardrail.name} />
              </li>
            ))}
          </ul>
          <p className="small faint">
            Evidence is how many times likelier the data are when the limit is broken than when it is kept.
            What counts as broken is in <Link to="/agents">the agent’s policy</Link>.
          </p>
        </div>
      )}
    </Card>
  );
}
