import { useRegressionCases, useUpdateRegressionCase } from "@agent-learning/react/query";
import type { JSX } from "react";
import { WithAgent } from "../../agents/with-agent.tsx";
import type { Agent, RegressionCase } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ListPage } from "../../components/list-page.tsx";
import type { Column } from "../../components/row-table.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { percent, plural } from "../../format/numbers.ts";
import { humanise } from "../../format/words.ts";
import { useMay } from "../../session/session-context.ts";
import { Link } from "@tanstack/react-router";

/** What must never break again. */
export function RegressionCases(): JSX.Element {
  return <WithAgent title="Regression cases">{(agent) => <List agent={agent} />}</WithAgent>;
}

function stateOf(one: RegressionCase): JSX.Element {
  if (!one.isActive) return <Badge tone="neutral">Retired</Badge>;
  if (one.quarantineReason !== null)
    return (
      <span title={one.quarantineReason}>
        <Badge tone="warn">Set aside</Badge>
      </span>
    );
  return one.isPinned ? <Badge tone="good">Pinned</Badge> : <Badge tone="neutral">Counts</Badge>;
}

const COLUMNS: readonly Column<RegressionCase>[] = [
  { title: "Input", width: "minmax(0, 2fr)", render: (row) => row.inputText },
  { title: "Expected", width: "minmax(0, 2fr)", wideOnly: true, render: (row) => row.expectedOutput },
  {
    title: "Judged by",
    width: "96px",
    wideOnly: true,
    render: (row) => humanise(row.evaluator.kind),
  },
  { title: "Slices", width: "minmax(0, 150px)", wideOnly: true, render: (row) => row.slices.join(", ") },
  {
    title: "Flakiness",
    width: "72px",
    align: "end",
    wideOnly: true,
    render: (row) => percent(row.flakiness, 0),
  },
  { title: "State", width: "100px", render: stateOf },
];

function List({ agent }: { agent: Agent }): JSX.Element {
  const list = useRegressionCases(agent.slug, { limit: 200 });
  const may = useMay("reviewer");
  const columns: readonly Column<RegressionCase>[] = may
    ? [
        ...COLUMNS,
        {
          title: "Change",
          width: "156px",
          align: "end",
          wideOnly: true,
          render: (row) => <Change one={row} />,
        },
      ]
    : COLUMNS;
  const pinned = list.data?.filter((one) => one.isPinned && one.isActive).length ?? 0;
  return (
    <ListPage
      title="Regression cases"
      trail={<Link to="/gate">Release gate</Link>}
      lead={
        list.data === undefined
          ? " "
          : `${plural(pinned, "pinned case")}: a candidate that answers one of them wrong is refused. The others are counted slice by slice.`
      }
      list={list}
      columns={columns}
      rowKey={({ id }) => id}
      rowLink={({ learningExampleId, sourceExecutionId, sourceFeedbackId }) =>
        learningExampleId !== null
          ? { to: "/examples/$exampleId", params: { exampleId: learningExampleId } }
          : sourceFeedbackId !== null
            ? { to: "/feedback/$feedbackId", params: { feedbackId: sourceFeedbackId } }
            : sourceExecutionId !== null
              ? { to: "/executions/$executionId", params: { executionId: sourceExecutionId } }
              : undefined
      }
      empty={
        <EmptyState title="No regression case yet">
          Open an execution, a piece of feedback or an example of {agent.name} and make it a case: from then
          on no version is released that gets it wrong. <Link to="/feedback">Corrections</Link> are a good
          start.
        </EmptyState>
      }
    />
  );
}

function Change({ one }: { one: RegressionCase }): JSX.Element {
  const update = useUpdateRegressionCase();
  const change = (fields: { isPinned?: boolean; isActive?: boolean }, done: string): void =>
    update.mutate({ caseId: one.id, ...fields }, { onSuccess: () => toast(done), onError: toastError });
  const button = (text: string, run: () => void): JSX.Element => (
    <Button kind="quiet" busy={update.isPending} onClick={run}>
      {text}
    </Button>
  );
  if (!one.isActive) return button("Take up again", () => change({ isActive: true }, "It counts again."));
  return (
    <>
      {one.isPinned
        ? button("Unpin", () => change({ isPinned: false }, "Unpinned: it counts, and blocks nothing alone."))
        : button("Pin", () => change({ isPinned: true }, "Pinned: whoever gets it wrong is refused."))}
      {button("Retire", () => change({ isActive: false }, "Retired: the gate no longer asks it."))}
    </>
  );
}
