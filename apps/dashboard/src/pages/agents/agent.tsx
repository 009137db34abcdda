import { useAgent, useServing, useVersions } from "@agent-learning/react/query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { Agent, AgentVersionSummary } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { Button } from "../../components/button.tsx";
import { DetailPage } from "../../components/detail-page.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Facts } from "../../components/facts.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { type Column, RowTable } from "../../components/row-table.tsx";
import { NOTHING, percent } from "../../format/numbers.ts";
import { humanise } from "../../format/words.ts";
import { AgentSettingsDialog } from "./agent-settings-dialog.tsx";
import { MetricSources } from "./metric-sources.tsx";
import { Policy } from "./policy.tsx";
import { Serving } from "./serving.tsx";
import { useMay } from "../../session/session-context.ts";

const route = getRouteApi("/agents/$agentSlug");

export const VERSION_TONES = {
  not_required: "neutral",
  pending: "warn",
  approved: "good",
  rejected: "bad",
} as const;

/** An agent: what it runs, its versions, its rules. */
export function AgentPage(): JSX.Element {
  const { agentSlug } = route.useParams();
  const read = useAgent(agentSlug);
  return (
    <DetailPage
      read={read}
      kind="Agent"
      title={({ name }) => name}
      trail={<Link to="/agents">Agents</Link>}
      lead={({ archivedAt, description, config }) =>
        archivedAt !== null
          ? "It is archived: it takes no evidence any more."
          : (description ??
            (config.learning_enabled
              ? "It learns from what users say of its answers."
              : "Its learning is off: evidence is kept, nothing is learned from it."))
      }
    >
      {(agent) => <Body agent={agent} />}
    </DetailPage>
  );
}

function columnsFor(servedId: string | null | undefined): readonly Column<AgentVersionSummary>[] {
  return [
    {
      title: "Version",
      width: "200px",
      render: (row) => (
        <span>
          Version {row.number} {row.id === servedId ? <Badge tone="good">In service</Badge> : null}
        </span>
      ),
    },
    {
      title: "What changed",
      width: "minmax(0, 1fr)",
      render: (row) => row.changeSummary ?? <span className="faint">No summary</span>,
    },
    { title: "Origin", width: "150px", wideOnly: true, render: (row) => humanise(row.origin) },
    {
      title: "Touches",
      width: "90px",
      align: "end",
      wideOnly: true,
      render: (row) => (row.affectedQueryShare === null ? NOTHING : percent(row.affectedQueryShare, 0)),
    },
    {
      title: "Review",
      width: "112px",
      wideOnly: true,
      render: (row) => <Badge tone={VERSION_TONES[row.reviewStatus]}>{humanise(row.reviewStatus)}</Badge>,
    },
    {
      title: "Made",
      width: "96px",
      align: "end",
      wideOnly: true,
      render: (row) => <RelativeTime time={row.createdAt} />,
    },
  ];
}

function Body({ agent }: { agent: Agent }): JSX.Element {
  const versions = useVersions(agent.slug, { limit: 100 });
  const serving = useServing(agent.slug);
  const collection = agent.config.feedback_collection;
  const may = useMay("admin");
  const [changing, setChanging] = useState(false);
  return (
    <>
      <div className="columns">
        <Serving agent={agent} serving={serving.data} />
        <Card
          title="What it learns from"
          aside={
            may ? (
              <Button kind="quiet" onClick={() => setChanging(true)}>
                Change
              </Button>
            ) : undefined
          }
        >
          <Facts
            facts={[
              ["Id", <CopyableId key="id" id={agent.id} />],
              ["Slug", <CopyableId key="slug" id={agent.slug} label="slug" />],
              ["Learning", agent.config.learning_enabled ? "Enabled" : "Off"],
              [
                "Votes",
                collection.auto_collect
                  ? `Become examples; a rating of ${collection.min_rating_for_positive} or more is positive`
                  : "Count, and make no examples",
              ],
              [
                "Corrections",
                collection.collect_corrections ? "Become examples" : "Are kept, and make no examples",
              ],
            ]}
          />
        </Card>
      </div>
      <Card title="Versions" flush>
        <RowTable
          label="Versions"
          list={versions}
          columns={columnsFor(serving.data?.defaultVersionId)}
          rowKey={({ id }) => id}
          rowLink={({ id }) => ({
            to: "/agents/$agentSlug/versions/$versionId",
            params: { agentSlug: agent.slug, versionId: id },
          })}
          empty={
            <EmptyState title="No version yet">
              A version is everything that makes the agent behave as it does. Store the first one through{" "}
              <code>POST /api/learning/agents/{agent.slug}/versions</code>, then put it into service.
            </EmptyState>
          }
        />
      </Card>
      <MetricSources agentSlug={agent.slug} />
      <Policy agent={agent} />
      {changing ? <AgentSettingsDialog agent={agent} onClose={() => setChanging(false)} /> : null}
    </>
  );
}
