import { experimentListQuery, trainingRunListQuery, useRollouts } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { Agent } from "../../api/types.ts";
import { useOfAgents } from "../../agents/use-of-agents.ts";
import { Card } from "../../components/card.tsx";
import { Meter } from "../../components/meter.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { count, percent } from "../../format/numbers.ts";
import "./active-work.css";

const REFRESH = 5_000;

/** What runs now: learning, experiments, rollouts, each with how far it is. */
export function ActiveWork({ agents }: { agents: readonly Agent[] }): JSX.Element {
  const runs = useOfAgents({
    agents,
    queryOf: (client, agentId) => trainingRunListQuery(client, agentId, { limit: 10 }),
    refetchInterval: REFRESH,
  })?.filter(({ status }) => status === "running" || status === "pending");
  const experiments = useOfAgents({
    agents,
    queryOf: (client, agentId) => experimentListQuery(client, agentId, { status: "running", limit: 10 }),
    refetchInterval: REFRESH,
  });
  const rollouts = useRollouts({ status: "running", limit: 10 }, { refetchInterval: REFRESH }).data;
  return (
    <div className="columns thirds">
      <Card
        title="Running jobs"
        aside={
          <Link to="/runs" className="small">
            All runs
          </Link>
        }
      >
        <WorkList
          items={runs?.map((run) => ({
            key: run.id,
            content: (
              <Link to="/runs/$runId" params={{ runId: run.id }}>
                {run.name}
              </Link>
            ),
            note: <RelativeTime time={run.startedAt ?? run.createdAt} />,
            meter: { value: run.progressPercentage / 100, label: `${run.progressPercentage} %` },
          }))}
          empty={
            <>
              No run is under way. <Link to="/runs">Start one</Link> when a dataset is frozen.
            </>
          }
        />
      </Card>
      <Card
        title="Active experiments"
        aside={
          <Link to="/experiments" className="small">
            All experiments
          </Link>
        }
      >
        <WorkList
          items={experiments?.map((one) => ({
            key: one.id,
            content: (
              <Link to="/experiments/$experimentId" params={{ experimentId: one.id }}>
                {one.name}
              </Link>
            ),
            note: `${count(Math.min(one.currentControlSamples, one.currentTreatmentSamples))} of ${count(one.minSampleSize)} an arm`,
            meter: {
              value: Math.min(
                1,
                Math.min(one.currentControlSamples, one.currentTreatmentSamples) /
                  Math.max(1, one.minSampleSize),
              ),
              label: "units of the smaller arm",
            },
          }))}
          empty={
            <>
              Nothing is being tested. A candidate that passes the gate drafts{" "}
              <Link to="/experiments">its experiment</Link>.
            </>
          }
        />
      </Card>
      <Card
        title="Rollouts under way"
        aside={
          <Link to="/rollouts" className="small">
            All rollouts
          </Link>
        }
      >
        <WorkList
          items={rollouts?.map((one) => ({
            key: one.id,
            content: (
              <Link to="/rollouts/$rolloutId" params={{ rolloutId: one.id }}>
                Stage {one.stage + 1} of {one.stages.length}
              </Link>
            ),
            note: `${percent(one.share, 0)} of users`,
            meter: { value: one.share, label: "share of users" },
          }))}
          empty={<>Nothing is being released.</>}
        />
      </Card>
    </div>
  );
}

interface WorkItem {
  key: string;
  content: JSX.Element;
  note: JSX.Element | string;
  meter: { value: number; label: string };
}

function WorkList({ items, empty }: { items: WorkItem[] | undefined; empty: JSX.Element }): JSX.Element {
  if (items === undefined)
    return (
      <div className="work-list">
        <SkeletonText lines={2} />
      </div>
    );
  if (items.length === 0) return <p className="work-list soft">{empty}</p>;
  return (
    <ul className="work-list">
      {items.map(({ key, content, note, meter }) => (
        <li key={key}>
          <div className="row-apart">
            <span className="grow clip">{content}</span>
            <span className="small faint">{note}</span>
          </div>
          <Meter value={meter.value} label={meter.label} />
        </li>
      ))}
    </ul>
  );
}
