import type { TrainingRunEvents } from "@agent-learning/react/query";
import { type JSX, useEffect, useRef } from "react";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { exactTime } from "../../format/time.ts";
import { humanise } from "../../format/words.ts";
import "./run-log.css";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function line(data: unknown): string {
  if (!isObject(data)) return "";
  const { created_at: _time, message, reasons, ...rest } = data;
  if (typeof message === "string") return message;
  if (Array.isArray(reasons)) return reasons.join(" ");
  return Object.entries(rest)
    .map(([name, value]) => `${humanise(name)}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

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
        {log.events.length === 0 ? <li className="faint">Nothing yet.</li> : null}
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
              <span className="soft">{line(data)}</span>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
