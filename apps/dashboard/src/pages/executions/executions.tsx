import { useExecutions } from "@agent-learning/react/query";
import { getRouteApi } from "@tanstack/react-router";
import { type JSX, useMemo } from "react";
import { useVersionNames } from "../../agents/use-version-names.ts";
import { WithAgent } from "../../agents/with-agent.tsx";
import type { Agent, Execution } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Filter } from "../../components/field.tsx";
import { ListPage } from "../../components/list-page.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Column } from "../../components/row-table.tsx";
import { useSetSearch } from "../../components/use-set-search.ts";
import { milliseconds, plural } from "../../format/numbers.ts";
import { serverNow } from "../../session/server-clock.ts";

const route = getRouteApi("/executions");
const DAY = 86_400_000;

const COLUMNS: readonly Column<Execution>[] = [
  { title: "Input", width: "minmax(0, 3fr)", render: (row) => row.inputText },
  {
    title: "Output",
    width: "minmax(0, 2fr)",
    wideOnly: true,
    render: (row) => row.outputText ?? row.errorMessage ?? <span className="faint">None</span>,
  },
  {
    title: "Outcome",
    width: "104px",
    render: (row) =>
      row.status === "failed" ? <Badge tone="bad">Failed</Badge> : <Badge tone="good">Succeeded</Badge>,
  },
  {
    title: "Arm",
    width: "96px",
    wideOnly: true,
    render: (row) => <span className="faint">{row.split?.arm ?? ""}</span>,
  },
  {
    title: "Latency",
    width: "80px",
    align: "end",
    wideOnly: true,
    render: (row) => milliseconds(row.latencyMs),
  },
  { title: "When", width: "96px", align: "end", render: (row) => <RelativeTime time={row.createdAt} /> },
];

/** Every run of an agent that was told of. */
export function Executions(): JSX.Element {
  return <WithAgent title="Executions">{(agent) => <List agent={agent} />}</WithAgent>;
}

function List({ agent }: { agent: Agent }): JSX.Element {
  const { status, version, tool, days } = route.useSearch();
  const set = useSetSearch();
  const nameOf = useVersionNames(agent.id);
  const from = useMemo(
    () => (days === undefined ? undefined : new Date(serverNow() - days * DAY).toISOString()),
    [days],
  );
  const list = useExecutions(agent.slug, { status, versionId: version, tool, from, limit: 200 });
  return (
    <ListPage
      title="Executions"
      lead={`What ${agent.name} was asked and what it answered, newest first.`}
      filters={
        <>
          <Filter
            label="Outcome"
            value={status}
            options={[
              ["succeeded", "Succeeded"],
              ["failed", "Failed"],
            ]}
            onChange={(value) => set({ status: value })}
          />
          {tool === undefined ? null : (
            <>
              <span className="small soft">
                that called <code>{tool}</code>
                {days === undefined ? "" : `, of ${plural(days, "day")}`}
              </span>
              <Button kind="quiet" onClick={() => set({ tool: undefined, days: undefined })}>
                Show every tool
              </Button>
            </>
          )}
          {version === undefined ? null : (
            <>
              <span className="small soft">of {nameOf(version).toLowerCase()}</span>
              <Button kind="quiet" onClick={() => set({ version: undefined })}>
                Show every version
              </Button>
            </>
          )}
        </>
      }
      list={list}
      columns={COLUMNS}
      rowKey={({ id }) => id}
      rowLink={({ id }) => ({ to: "/executions/$executionId", params: { executionId: id } })}
      empty={
        <EmptyState title="No execution of this kind">
          An agent that uses the SDK tells of each run with one line:
          <pre>{"learning.record({ executionId, inputText, outputText, resolution });"}</pre>
        </EmptyState>
      }
    />
  );
}
