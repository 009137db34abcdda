import type { JSX } from "react";
import { Link } from "@tanstack/react-router";
import type { EvaluationRunDetails } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { GATE_TONES, humanise } from "../../format/words.ts";
import { describeInfluence } from "./describe-influence.ts";

type Report = NonNullable<EvaluationRunDetails["contributors"]>;

/** Whether somebody misleads what the version was trained on: one line for each large contributor. */
export function Contributors({ report }: { report: Report }): JSX.Element {
  const rows = describeInfluence(report);
  return (
    <Card
      title="Contributors: who taught it what"
      aside={<Badge tone={GATE_TONES[report.verdict]}>{humanise(report.verdict)}</Badge>}
    >
      <div className="stack">
        <p>{report.sentence}</p>
        {rows.length === 0 ? null : (
          <details open={report.verdict === "failed"}>
            <summary className="small">What the held-out score gains by each</summary>
            <ul className="finding-list">
              {rows.map(({ ids, text }) => (
                <li key={ids.join(" ")} className="row">
                  {ids.map((id) => (
                    <CopyableId key={id} id={id} />
                  ))}
                  <span>{text}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
        <p className="small">
          <Link to="/datasets/$datasetId" params={{ datasetId: report.datasetId }}>
            The dataset that it was trained on
          </Link>
        </p>
      </div>
    </Card>
  );
}
