import { useAnnotationStats, useLearningStats } from "@agent-learning/react/query";
import { getRouteApi } from "@tanstack/react-router";
import type { JSX } from "react";
import { useCurrentAgent } from "../../agents/use-current-agent.ts";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Choice } from "../../components/field.tsx";
import { Page } from "../../components/page.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { AnnotationProgress } from "./annotation-progress.tsx";
import { ActiveWork } from "./active-work.tsx";
import { Attention } from "./attention.tsx";
import { DEFAULT_DAYS } from "./default-days.ts";
import { describeLoop } from "./describe-loop.ts";
import { LoopStrip } from "./loop-strip.tsx";
import { QualityDistribution } from "./quality-distribution.tsx";
import { Trends } from "./trends.tsx";

const route = getRouteApi("/");
const REFRESH = 10_000;
const PERIODS = [
  ["7", "7 days"],
  ["30", "30 days"],
  ["90", "90 days"],
] as const;

/** How the loop is doing, and what waits for a person. */
export function Overview(): JSX.Element {
  const { days = DEFAULT_DAYS } = route.useSearch();
  const navigate = route.useNavigate();
  const { agent, agents, chosen } = useCurrentAgent();
  const agentId = chosen ? agent?.slug : undefined;
  const stats = useLearningStats({ agentId, days }, { refetchInterval: REFRESH });
  const queue = useAnnotationStats({ agentId }, { refetchInterval: REFRESH });
  const { data } = stats;
  const shown = chosen ? (agent === undefined ? [] : [agent]) : (agents ?? []);
  return (
    <Page
      title={chosen && agent !== undefined ? agent.name : "The loop"}
      lead={data === undefined ? <Skeleton width={420} height={24} /> : describeLoop(data)}
      actions={
        <Choice
          label="Period"
          value={String(days)}
          options={
            PERIODS.some(([value]) => value === String(days))
              ? PERIODS
              : [...PERIODS, [String(days), `${days} days`]]
          }
          onChange={(value) => void navigate({ search: (before) => ({ ...before, days: Number(value) }) })}
        />
      }
    >
      {stats.error === null || data !== undefined ? null : (
        <ErrorNote error={stats.error} retry={() => void stats.refetch()} />
      )}
      {agents?.length === 0 ? <FirstSteps /> : null}
      <LoopStrip stats={data} />
      <Attention agents={shown} />
      <Trends stats={data} />
      <ActiveWork agents={shown} />
      <div className="columns">
        <AnnotationProgress queue={queue.data} />
        <QualityDistribution stats={data} />
      </div>
    </Page>
  );
}

function FirstSteps(): JSX.Element {
  return (
    <Card>
      <EmptyState title="Nothing has been collected yet">
        Tell the server about an agent’s work, and the loop begins. From the agent’s own code:
        <pre>{`import { createLearning } from "@agent-learning/sdk";

const learning = createLearning({ agentId: "my-agent", key });
learning.record({ executionId, inputText, outputText });
learning.feedback({ executionId, feedbackType: "thumbs_up" });`}</pre>
      </EmptyState>
    </Card>
  );
}
