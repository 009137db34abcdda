import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { RetrievalReport } from "../../api/types.ts";
import { Card } from "../../components/card.tsx";
import { plural } from "../../format/numbers.ts";
import { RatePlot } from "./rate-plot.tsx";

/** What people who looked at some of the queries say. */
export function SpotChecks({ checks }: { checks: RetrievalReport["spotChecks"] }): JSX.Element {
  if (checks === null)
    return (
      <Card title="Spot checks">
        <p className="soft">
          None: people are asked about candidates that the gates let through and that change an order.
        </p>
      </Card>
    );
  const { rates, queueId } = checks;
  const waiting = rates.reduce((sum, rate) => sum + rate.waiting, 0);
  return (
    <Card
      title="Spot checks: how often people find the new list worse"
      aside={
        queueId === null || waiting === 0 ? undefined : (
          <Link to="/admin/learning/annotation" search={{ queue: queueId }}>
            Answer {plural(waiting, "check")}
          </Link>
        )
      }
    >
      <div className="stack">
        <RatePlot rates={rates} />
        <p className="small faint">
          People compare both lists without being told which is which. Lines are 95&nbsp;% intervals. A query
          whose list does not change counts as no error.
        </p>
      </div>
    </Card>
  );
}
