import type { JSX } from "react";
import type { ExperimentResults } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { EvidenceMeter } from "../../components/evidence-meter.tsx";
import { count } from "../../format/numbers.ts";
import { metricWord } from "../../format/words.ts";
import { armWord, treatmentsOf } from "./arms.ts";

/** Tests that may stop the experiment at any time, each against its boundary. */
export function Guardrails({ results }: { results: ExperimentResults }): JSX.Element {
  const arms = treatmentsOf(results.experiment);
  return (
    <Card title="Guardrails: is the treatment doing harm?">
      {results.harm.length === 0 ? (
        <p className="soft">They begin to watch with the first users.</p>
      ) : (
        <ul className="stack">
          {results.harm.map((one) => (
            <li key={`${one.metric} ${one.arm}`}>
              <div className="row-apart">
                <span className="row">
                  <strong>
                    {metricWord(one.metric)}
                    {arms.length === 1 ? "" : `, ${armWord(one.arm, arms).toLowerCase()}`}
                  </strong>
                  <Badge tone={one.breached ? "bad" : one.pairs === 0 ? "neutral" : "good"}>
                    {one.breached ? "Harm found" : one.pairs === 0 ? "No data yet" : "No harm found"}
                  </Badge>
                </span>
                <span className="small faint">n = {count(one.pairs)} pairs of users</span>
              </div>
              <EvidenceMeter
                label={`Evidence of harm in ${metricWord(one.metric)} by ${armWord(one.arm, arms)}`}
                evidence={one.lnEvidence}
                threshold={one.lnThreshold}
              />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
