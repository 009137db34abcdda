import type { JSX } from "react";
import type { ExperimentResults } from "../../api/types.ts";
import { Card } from "../../components/card.tsx";
import { Meter } from "../../components/meter.tsx";
import { percent } from "../../format/numbers.ts";
import { metricWord } from "../../format/words.ts";
import { armWord, primariesOf, treatmentsOf } from "./arms.ts";

/** The same data as chances and expected losses; it decides nothing. */
export function Bayes({ results }: { results: ExperimentResults }): JSX.Element | null {
  const arms = treatmentsOf(results.experiment);
  const seen = primariesOf(results).flatMap(({ arm, metric, bayes }) =>
    bayes === null ? [] : [{ arm, metric, bayes }],
  );
  if (seen.length === 0) return null;
  return (
    <Card title="As chances">
      <div className="stack">
        {seen.map(({ arm, metric, bayes }) => (
          <div key={arm} className="stack-tight">
            <div className="row-apart">
              <span>
                {armWord(arm, arms)} is better in {metricWord(metric).toLowerCase()} with a chance of{" "}
                <strong>{percent(bayes.chanceToWin)}</strong>
              </span>
              <span className="small faint">
                {percent(bayes.relative.estimate)} relative, {percent(bayes.relative.lower)} to{" "}
                {percent(bayes.relative.upper)}
              </span>
            </div>
            <Meter value={bayes.chanceToWin} label={`Chance that ${armWord(arm, arms)} is better`} />
            <p className="small soft">
              Deploying it where the control is better would cost {percent(bayes.riskOfTreatment, 2)} on
              average; keeping the control where it is better, {percent(bayes.riskOfControl, 2)}.
            </p>
          </div>
        ))}
        <p className="small faint">
          For reading only: the intervals above decide. It assumes beforehand that most changes do little.
        </p>
      </div>
    </Card>
  );
}
