import { useEvaluationRuns } from "@agent-learning/react/query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { useVersionNames } from "../../agents/use-version-names.ts";
import { WithAgent } from "../../agents/with-agent.tsx";
import type { Agent, EvaluationRun } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ListPage } from "../../components/list-page.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Column } from "../../components/row-table.tsx";
import { useSetSearch } from "../../components/use-set-search.ts";
import { GATE_TONES, humanise } from "../../format/words.ts";
import { describeGate, gateWord } from "./describe-gate.ts";

const route = getRouteApi("/gate");

/** Which versions were held to the agent's cases and the safety checks, and how it went. */
export function Gate(): JSX.Element {
  return <WithAgent title="Release gate">{(agent) => <List agent={agent} />}</WithAgent>;
}

function List({ agent }: { agent: Agent }): JSX.Element {
  const { version } = route.useSearch();
  const set = useSetSearch();
  const list = useEvaluationRuns(
    { agentId: agent.slug, versionId: version, limit: 100 },
    { refetchInterval: 10_000 },
  );
  const nameOf = useVersionNames(agent.id);
  const columns: readonly Column<EvaluationRun>[] = [
    { title: "Candidate", width: "minmax(110px, 150px)", render: (row) => nameOf(row.candidateVersionId) },
    {
      title: "Verdict",
      width: "124px",
      render: (row) => <Badge tone={GATE_TONES[gateWord(row)]}>{humanise(gateWord(row))}</Badge>,
    },
    { title: "What it says", width: "minmax(0, 3fr)", wideOnly: true, render: describeGate },
    {
      title: "Against",
      width: "110px",
      wideOnly: true,
      render: (row) => (row.baselineVersionId === null ? "Nothing" : nameOf(row.baselineVersionId)),
    },
    {
      title: "Begun",
      width: "96px",
      align: "end",
      wideOnly: true,
      render: (row) => <RelativeTime time={row.startedAt ?? row.createdAt} />,
    },
  ];
  return (
    <ListPage
      title="Release gate"
      lead="Before a version meets users it answers the agent’s regression cases and is probed for what must never happen."
      actions={
        <Link to="/regression-cases" className="button button-plain">
          Regression cases
        </Link>
      }
      filters={
        version === undefined ? undefined : (
          <>
            <span className="small">Only {nameOf(version).toLowerCase()}</span>
            <Button kind="quiet" onClick={() => set({ version: undefined })}>
              Show every version
            </Button>
          </>
        )
      }
      list={list}
      columns={columns}
      rowKey={({ id }) => id}
      rowLink={({ id }) => ({ to: "/gate/$runId", params: { runId: id } })}
      empty={
        <EmptyState title="No version has been held to the gate yet">
          Open a version of{" "}
          <Link to="/agents/$agentSlug" params={{ agentSlug: agent.slug }}>
            {agent.name}
          </Link>{" "}
          and hold it to the gate there; a candidate that a training run finds is held to it by itself. What
          it has to answer are the agent’s <Link to="/regression-cases">regression cases</Link>.
        </EmptyState>
      }
    />
  );
}
