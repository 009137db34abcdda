import type { TrainingRunEvents } from "@agent-learning/react/query";
import { type JSX, useEffect, useRef } from "react";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { exactTime } from "../../format/time.ts";
import { humanise } from "../../format/words.ts";
import { logLine } from "./read-metrics.ts";
import "./run-log.css";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function timeOf(data: unknown): string | undefined {
  const time = isObject(data) ? data["created_at"] : undefined;
  return typeof time === "string" ? time : undefined;
}

/** What the run says, as it says it. */
export function RunLog({ log }: { log: TrainingRunEvents }): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const last = log.events.length;
  useEffect(() => {
    const element = list.current;
    // Follows the end only while the reader is at the end.
    if (element !== null && element.scrollHeight - element.scrollTop - element.clientHeight < 80)
      element.scrollTop = element.scrollHeight;
  }, [last]);
  return (
    <Card
      title="Log"
      aside={log.ended ? <Badge tone="neutral">Ended</Badge> : <Badge tone="accent">Live</Badge>}
    >
      <ol ref={list} className="run-log" tabIndex={0} aria-label="Log of the run" aria-live="polite">
        {log.events.length === 0 ? <li className="faint empty">Nothing yet.</li> : null}
        {log.events.map(({ id, event, data }) => {
          const time = timeOf(data);
          return (
            <li key={id}>
              <time
                className="faint"
                dateTime={time}
                title={time === undefined ? undefined : exactTime(time)}
              >
                {time === undefined ? "" : new Date(time).toLocaleTimeString("en-GB")}
              </time>
              <span className="strong">{humanise(event)}</span>
              <span className="soft pre">{logLine(event, data, humanise)}</span>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
