import { useAnnotationQueue, useAnnotationStats, useQueueProgress } from "@agent-learning/react/query";
import { type JSX, type ReactNode, useState } from "react";
import type { ExampleType } from "../../../../api/types.ts";
import { Button } from "../../../../components/button.tsx";
import { Card } from "../../../../components/card.tsx";
import { EmptyState } from "../../../../components/empty-state.tsx";
import { Filters, RowCount } from "../../../../components/filters.tsx";
import { Page } from "../../../../components/page.tsx";
import { Skeleton } from "../../../../components/skeleton.tsx";
import { count, plural } from "../../../../format/numbers.ts";
import { useMay, useSession } from "../../../../session/session-context.ts";
import { useShortcuts } from "../../../../shortcuts/shortcuts.ts";
import { hasLeftWork } from "./left-work.ts";
import { QueueTable } from "./queue-table.tsx";
import { Workspace } from "./workspace.tsx";

interface SittingProps {
  title: string;
  kind: "annotation" | "adjudication";
  agentId: string | undefined;
  exampleType?: ExampleType | undefined;
  /** A queue of its own; without it what no queue took. */
  queueId?: string | undefined;
  /** What annotators of the queue go by. */
  guidelines?: string | undefined;
  /** Which rows are listed; claimable ones unless said. */
  state?: "claimable" | "claimed" | "all" | undefined;
  filter?: ReactNode;
}

/** The queue, and on a key the desk at which one item after the other is judged. Looking at the queue claims nothing. */
export function AnnotationSitting(props: SittingProps): JSX.Element {
  const { kind } = props;
  const { userId } = useSession();
  const may = useMay(kind === "adjudication" ? "reviewer" : "annotator") && userId !== null;
  const [working, setWorking] = useState(() => may && userId !== null && hasLeftWork(userId, kind));
  if (working && userId !== null)
    return <Workspace {...props} userId={userId} onStop={() => setWorking(false)} />;
  return <Queue {...props} may={may} onStart={() => setWorking(true)} />;
}

const REFRESH = 15_000;
const WORDS = {
  annotation: {
    start: "Start annotating",
    none: "Nothing waits for an annotation",
    one: "annotation waits",
    many: "annotations wait",
  },
  adjudication: {
    start: "Start settling",
    none: "Nobody disagrees",
    one: "disagreement waits",
    many: "disagreements wait",
  },
} as const;

function Queue({
  title,
  kind,
  agentId,
  exampleType,
  queueId,
  state,
  filter,
  may,
  onStart,
}: SittingProps & { may: boolean; onStart: () => void }): JSX.Element {
  const list = useAnnotationQueue(
    { agentId, exampleType, kind, queueId, state: state ?? "claimable", limit: 100 },
    { refetchInterval: REFRESH },
  );
  const stats = useAnnotationStats({ agentId }, { refetchInterval: REFRESH });
  const progress = useQueueProgress(
    queueId ?? "",
    { days: 1 },
    { enabled: queueId !== undefined, refetchInterval: REFRESH },
  );
  const words = WORDS[kind];
  useShortcuts(title, may ? [{ keys: "c", label: words.start, run: onStart }] : []);
  const pending = queueId === undefined ? stats.data?.pending : progress.data?.open;
  const done = queueId === undefined ? stats.data?.completedToday : progress.data?.annotations;
  const total =
    kind === "annotation" && exampleType === undefined && state === undefined ? pending : list.data?.length;
  const isElsewhere = total !== undefined && total > 0 && queueId === undefined && list.data?.length === 0;
  return (
    <Page
      title={title}
      lead={
        total === undefined ? (
          <Skeleton width={320} height={24} />
        ) : total === 0 ? (
          `${words.none}.`
        ) : (
          `${plural(total, words.one, words.many)}${list.hasNextPage && kind === "adjudication" ? " or more" : ""}. ${count(done ?? 0)} done today.`
        )
      }
      actions={
        may ? (
          <Button kind="primary" hint="c" disabled={list.data?.length === 0} onClick={onStart}>
            {words.start}
          </Button>
        ) : (
          <p className="soft">
            {kind === "annotation" ? "Your role may look, not annotate." : "Reviewers settle disagreements."}
          </p>
        )
      }
    >
      <Card flush>
        <Filters note={<RowCount rows={list.data?.length} more={list.hasNextPage} />}>{filter}</Filters>
        <QueueTable
          list={list}
          empty={
            <EmptyState title={isElsewhere ? "Everything waits in a queue" : words.none}>
              {isElsewhere
                ? "Nothing waits here, and something waits in the agent’s queues: choose one above."
                : kind === "annotation"
                  ? "Examples come from votes, corrections and failures as users give them. When learning is enabled for an agent, they appear here by themselves."
                  : "When two annotators judge one example differently, it comes here for a reviewer to settle."}
            </EmptyState>
          }
        />
      </Card>
    </Page>
  );
}
