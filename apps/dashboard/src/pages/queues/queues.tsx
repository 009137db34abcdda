import { useQueues } from "@agent-learning/react/query";
import { type JSX, useState } from "react";
import { WithAgent } from "../../agents/with-agent.tsx";
import type { Agent, AnnotationQueue } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ListPage } from "../../components/list-page.tsx";
import type { Column } from "../../components/row-table.tsx";
import { percent } from "../../format/numbers.ts";
import { useMay } from "../../session/session-context.ts";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { describeFilter } from "./describe-queue.ts";
import { QueueDialog } from "./queue-dialog.tsx";

const COLUMNS: readonly Column<AnnotationQueue>[] = [
  { title: "Queue", width: "minmax(0, 2fr)", render: ({ name }) => name },
  { title: "Takes", width: "minmax(0, 3fr)", wideOnly: true, render: (queue) => describeFilter(queue) },
  { title: "People", width: "64px", align: "end", wideOnly: true, render: ({ overlap }) => overlap },
  {
    title: "Gold",
    width: "64px",
    align: "end",
    wideOnly: true,
    render: ({ goldShare }) => percent(goldShare, 0),
  },
  {
    title: "State",
    width: "112px",
    render: ({ isActive }) => (
      <Badge tone={isActive ? "good" : "neutral"}>{isActive ? "Takes new" : "Closed"}</Badge>
    ),
  },
];

/** Queues of an agent's annotation work. */
export function Queues(): JSX.Element {
  return <WithAgent title="Queues">{(agent) => <List agent={agent} />}</WithAgent>;
}

function List({ agent }: { agent: Agent }): JSX.Element {
  const list = useQueues({ agentId: agent.slug, limit: 100 });
  const may = useMay("reviewer");
  const [making, setMaking] = useState(false);
  useShortcuts("Queues", may ? [{ keys: "c", label: "New queue", run: () => setMaking(true) }] : []);
  return (
    <ListPage
      title="Queues"
      lead="Who annotates what: each queue takes the new examples that fit it, with its own guidelines, order and number of people. What no queue takes waits on the annotation page."
      actions={
        may ? (
          <Button kind="primary" hint="c" onClick={() => setMaking(true)}>
            New queue
          </Button>
        ) : undefined
      }
      list={list}
      columns={COLUMNS}
      rowKey={({ id }) => id}
      rowLink={({ id }) => ({ to: "/queues/$queueId", params: { queueId: id } })}
      empty={
        <EmptyState title="There is no queue of its own">
          Everything waits in one queue until you make others: for one field’s experts, for what the agent was
          least sure of, or for failures alone. {may ? null : "A reviewer makes them."}
        </EmptyState>
      }
    >
      {making ? <QueueDialog agent={agent} onClose={() => setMaking(false)} /> : null}
    </ListPage>
  );
}
