import { useAgents } from "@agent-learning/react/query";
import { type JSX, useState } from "react";
import type { Agent } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ListPage } from "../../components/list-page.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Column } from "../../components/row-table.tsx";
import { plural } from "../../format/numbers.ts";
import { useMay } from "../../session/session-context.ts";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { CreateAgentDialog } from "./create-agent-dialog.tsx";

const COLUMNS: readonly Column<Agent>[] = [
  { title: "Agent", width: "minmax(0, 2fr)", render: (row) => row.name },
  { title: "Slug", width: "minmax(0, 1fr)", wideOnly: true, render: (row) => <code>{row.slug}</code> },
  {
    title: "Learning",
    width: "110px",
    render: (row) =>
      row.archivedAt !== null ? (
        <Badge tone="neutral">Archived</Badge>
      ) : row.config.learning_enabled ? (
        <Badge tone="good">Enabled</Badge>
      ) : (
        <Badge tone="warn">Off</Badge>
      ),
  },
  {
    title: "Made",
    width: "100px",
    align: "end",
    wideOnly: true,
    render: (row) => <RelativeTime time={row.createdAt} />,
  },
];

/** Who learns, and by which rules. */
export function Agents(): JSX.Element {
  const list = useAgents({ limit: 200 });
  const may = useMay("admin");
  const [creating, setCreating] = useState(false);
  useShortcuts("Agents", may ? [{ keys: "c", label: "New agent", run: () => setCreating(true) }] : []);
  return (
    <ListPage
      title="Agents and policies"
      lead={
        list.data === undefined ? " " : `${plural(list.data.length, "agent")}, each with its own thresholds.`
      }
      actions={
        may ? (
          <Button kind="primary" hint="c" onClick={() => setCreating(true)}>
            New agent
          </Button>
        ) : undefined
      }
      list={list}
      columns={COLUMNS}
      rowKey={({ id }) => id}
      rowLink={({ slug }) => ({ to: "/agents/$agentSlug", params: { agentSlug: slug } })}
      empty={
        <EmptyState title="There is no agent yet">
          Create one, put its slug into the SDK, and it begins to learn from what users say.
        </EmptyState>
      }
    >
      {creating ? <CreateAgentDialog onClose={() => setCreating(false)} /> : null}
    </ListPage>
  );
}
