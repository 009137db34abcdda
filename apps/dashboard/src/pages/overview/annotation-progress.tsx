import type { AnnotationQueueStatistics } from "@agent-learning/contract";
import type { CamelCased } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { Card } from "../../components/card.tsx";
import { Meter } from "../../components/meter.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { count } from "../../format/numbers.ts";
import "./active-work.css";

/** Who has annotated how much today. */
export function AnnotationProgress({
  queue,
}: {
  queue: CamelCased<AnnotationQueueStatistics> | undefined;
}): JSX.Element {
  const most = Math.max(1, ...(queue?.people.map(({ completedToday }) => completedToday) ?? []));
  return (
    <Card
      title="Annotation today"
      aside={
        <Link to="/admin/learning/annotation" className="small">
          Annotate
        </Link>
      }
    >
      {queue === undefined ? (
        <SkeletonText lines={4} />
      ) : (
        <div className="stack">
          <p className="soft">
            <Link to="/annotations" search={{ days: 1 }}>
              {count(queue.completedToday)} done today
            </Link>
            ,{" "}
            <Link to="/admin/learning/annotation" search={{ state: "claimed" }}>
              {count(queue.claimed)} being worked on
            </Link>
            , <Link to="/admin/learning/annotation">{count(queue.pending)} pending</Link>.
          </p>
          {queue.people.length === 0 ? (
            <p className="faint">Nobody has annotated today.</p>
          ) : (
            <ul className="work-list">
              {queue.people.map((person) => (
                <li key={person.userId}>
                  <div className="row-apart">
                    <span className="clip">{person.displayName ?? "Unnamed"}</span>
                    <span className="small faint">
                      <Link to="/annotations" search={{ days: 1, expert: person.userId }}>
                        {count(person.completedToday)} done
                      </Link>
                      {person.claimed > 0 ? `, ${count(person.claimed)} claimed` : ""}
                    </span>
                  </div>
                  <Meter
                    value={person.completedToday / most}
                    label={`Annotations of ${person.displayName ?? "this person"} today`}
                  />
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </Card>
  );
}
