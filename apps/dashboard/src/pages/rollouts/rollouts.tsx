import { useRollouts } from "@agent-learning/react/query";
import { getRouteApi } from "@tanstack/react-router";
import type { JSX } from "react";
import { useVersionNames } from "../../agents/use-version-names.ts";
import { useCurrentAgent } from "../../agents/use-current-agent.ts";
import type { Rollout } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ListPage } from "../../components/list-page.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Column } from "../../components/row-table.tsx";
import { StatusFilter } from "../../components/status-filter.tsx";
import { percent, plural } from "../../format/numbers.ts";
import { humanise, ROLLOUT_TONES } from "../../format/words.ts";

const route = getRouteApi("/rollouts");

const COLUMNS: readonly Column<Rollout>[] = [
  {
    title: "Status",
    width: "116px",
    render: (row) => <Badge tone={ROLLOUT_TONES[row.status]}>{humanise(row.status)}</Badge>,
  },
  {
    title: "Stage",
    width: "70px",
    wideOnly: true,
    render: (row) => `${row.stage + 1} of ${row.stages.length}`,
  },
  { title: "Share", width: "64px", align: "end", wideOnly: true, render: (row) => percent(row.share, 0) },
  {
    title: "Last word",
    width: "minmax(0, 3fr)",
    wideOnly: true,
    render: (row) => row.rollbackReason ?? row.why?.reason ?? "",
  },
  {
    title: "Started",
    width: "96px",
    align: "end",
    wideOnly: true,
    render: (row) => <RelativeTime time={row.startedAt ?? row.createdAt} />,
  },
];

/** Every gradual release. */
export function Rollouts(): JSX.Element {
  const { status } = route.useSearch();
  const { agent, agents } = useCurrentAgent();
  const list = useRollouts(
    { agentId: agent?.slug, status, limit: 100 },
    { enabled: agents !== undefined, refetchInterval: 10_000 },
  );
  const nameOf = useVersionNames(agent?.id);
  const columns: readonly Column<Rollout>[] = [
    {
      title: "Rollout",
      width: "minmax(150px, 1fr)",
      render: (row) => `${nameOf(row.candidateVersionId)} to ${row.environment}`,
    },
    ...COLUMNS,
  ];
  const running = list.data?.filter((one) => one.status === "running").length ?? 0;
  return (
    <ListPage
      title="Rollouts"
      lead={
        running > 0
          ? `${plural(running, "rollout is", "rollouts are")} under way, each watched by its guardrails.`
          : "Nothing is being released. A decided experiment prepares its rollout; so does a version’s page."
      }
      filters={<StatusFilter value={status} statuses={ROLLOUT_TONES} />}
      list={list}
      columns={columns}
      rowKey={({ id }) => id}
      rowLink={({ id }) => ({ to: "/rollouts/$rolloutId", params: { rolloutId: id } })}
      empty={
        <EmptyState title="No rollout of this kind">
          A release goes to 5 % of users for a day, to 25 % for two, then to everybody; it undoes itself when
          errors, satisfaction or latency break their limits. Decide an experiment, or release a version from
          its page.
        </EmptyState>
      }
    />
  );
}
