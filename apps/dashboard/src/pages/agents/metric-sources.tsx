import { useMetricSources } from "@agent-learning/react/query";
import type { JSX } from "react";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { duration } from "../../format/time.ts";
import { metricWord } from "../../format/words.ts";

/** Whether the metrics that guardrails are held to still come; nothing is shown of an agent that names no source. */
export function MetricSources({ agentSlug }: { agentSlug: string }): JSX.Element | null {
  const { data } = useMetricSources(agentSlug);
  if (data === undefined || data.data.length === 0) return null;
  return (
    <Card title="Where its metrics come from">
      <ul className="stack-tight">
        {data.data.map(({ metric, status, reason, heartbeatSeconds, reportedAt }) => (
          <li key={metric} className="row-apart">
            <span className="row grow">
              <Badge tone={status === "healthy" ? "good" : "bad"}>
                {status === "healthy" ? "Comes in" : "Fails"}
              </Badge>
              <strong>{metricWord(metric)}</strong>
              <span className="soft">{reason ?? ""}</span>
            </span>
            <span className="small faint">
              <RelativeTime time={reportedAt} />
              {heartbeatSeconds === null ? "" : `, every ${duration(heartbeatSeconds * 1_000)}`}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
