import type { JSX } from "react";
import type { RolloutDetails } from "../../api/types.ts";
import { Card } from "../../components/card.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { percent } from "../../format/numbers.ts";
import { humanise } from "../../format/words.ts";

/** Every transition, the newest first. */
export function History({ rollout }: { rollout: RolloutDetails }): JSX.Element {
  return (
    <Card title="History">
      <ol className="stack">
        {rollout.history.toReversed().map((event) => (
          <li key={event.version}>
            <div className="row-apart">
              <strong>
                {humanise(event.event)} at {percent(event.share, 0)}
              </strong>
              <span className="small faint">
                {event.actorKind === "system"
                  ? "by the guardrails"
                  : `by a ${event.actorKind === "user" ? "person" : "machine"}`}
                , <RelativeTime time={event.createdAt} />
              </span>
            </div>
            <p className="soft">{event.reason}</p>
          </li>
        ))}
      </ol>
    </Card>
  );
}
