import { useQueue, useQueueProgress } from "@agent-learning/react/query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import { useAgentSlug } from "../../agents/use-agent-slug.ts";
import type { AnnotationQueue, QueueProgress } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { DetailPage, StateLead } from "../../components/detail-page.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Facts } from "../../components/facts.tsx";
import { Choice } from "../../components/field.tsx";
import { Figure, Figures } from "../../components/figure.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Skeleton, SkeletonText } from "../../components/skeleton.tsx";
import { useSetSearch } from "../../components/use-set-search.ts";
import { count, percent, plural } from "../../format/numbers.ts";
import { useMay } from "../../session/session-context.ts";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { BulkDialog } from "./bulk-dialog.tsx";
import { describeFilter, describeProgress, ORDERING_WORDS } from "./describe-queue.ts";
import { ChangeQueueDialog } from "./queue-dialog.tsx";
import { QueuePeople } from "./queue-people.tsx";
import { SecondLookDialog } from "./second-look-dialog.tsx";

const route = getRouteApi("/queues/$queueId");
const DAYS = [1, 7, 14, 31] as const;
const REFRESH = 15_000;

/** A queue: what is left, who does how much of it, and by which rules. */
export function QueuePage(): JSX.Element {
  const { queueId } = route.useParams();
  const { days = 7 } = route.useSearch();
  const set = useSetSearch();
  const read = useQueue(queueId);
  const progress = useQueueProgress(queueId, { days }, { refetchInterval: REFRESH });
  return (
    <DetailPage
      read={read}
      kind="Queue"
      title={({ name }) => name}
      trail={<Link to="/queues">Queues</Link>}
      lead={({ isActive }) => (
        <StateLead tone={isActive ? "good" : "neutral"} word={isActive ? "Takes new examples" : "Closed"}>
          {progress.data === undefined ? (
            <Skeleton width={280} height={18} />
          ) : (
            describeProgress(progress.data)
          )}
        </StateLead>
      )}
      actions={(queue) => <Actions queue={queue} />}
    >
      {(queue) => (
        <>
          {progress.error === null ? (
            <ProgressFigures queue={queue} progress={progress.data} />
          ) : (
            <ErrorNote error={progress.error} retry={() => void progress.refetch()} />
          )}
          <Definition queue={queue} />
          {/* Last: it grows by a row for each person when they are counted. */}
          <Card
            title="Who annotates here"
            aside={
              <Choice
                label="In the last"
                value={String(days)}
                options={DAYS.map((one) => [String(one), plural(one, "day")] as const)}
                onChange={(value) => set({ days: value === "7" ? undefined : Number(value) })}
              />
            }
          >
            {progress.data === undefined ? (
              <SkeletonText lines={4} />
            ) : (
              <QueuePeople queue={queue} progress={progress.data} />
            )}
          </Card>
        </>
      )}
    </DetailPage>
  );
}

function Actions({ queue }: { queue: AnnotationQueue }): JSX.Element {
  const may = useMay("reviewer");
  const [open, setOpen] = useState<"bulk" | "look" | "change">();
  const close = (): void => setOpen(undefined);
  useShortcuts("Queue", may ? [{ keys: "e", label: "Change the queue", run: () => setOpen("change") }] : []);
  return (
    <>
      <Link className="button button-primary" to="/admin/learning/annotation" search={{ queue: queue.id }}>
        Annotate
      </Link>
      {may ? (
        <>
          <Button onClick={() => setOpen("bulk")}>Decide on many</Button>
          <Button onClick={() => setOpen("look")}>Second look</Button>
          <Button hint="e" onClick={() => setOpen("change")}>
            Change
          </Button>
        </>
      ) : null}
      {open === "bulk" ? <BulkDialog queue={queue} onClose={close} /> : null}
      {open === "look" ? <SecondLookDialog queueId={queue.id} onClose={close} /> : null}
      {open === "change" ? <ChangeQueueDialog queue={queue} onClose={close} /> : null}
    </>
  );
}

function ProgressFigures({
  queue,
  progress,
}: {
  queue: AnnotationQueue;
  progress: QueueProgress | undefined;
}): JSX.Element {
  const agent = useAgentSlug(queue.agentId);
  const waiting = { to: "/admin/learning/annotation", search: { queue: queue.id, agent } } as const;
  const done = { to: "/annotations", search: { queue: queue.id, days: progress?.days, agent } } as const;
  return (
    <Figures>
      <Figure
        label="Wanted now"
        value={progress === undefined ? undefined : count(progress.open) + (progress.openIsLeast ? "+" : "")}
        detail="annotations"
        to={waiting}
      />
      <Figure
        label="Being worked on"
        value={progress === undefined ? undefined : count(progress.claimed)}
        detail="held by somebody"
        to={{ to: "/admin/learning/annotation", search: { queue: queue.id, state: "claimed", agent } }}
      />
      <Figure
        label="Wanted later"
        value={progress === undefined ? undefined : count(progress.waiting)}
        detail="after the first annotator"
        to={waiting}
      />
      <Figure
        label="Given"
        value={progress === undefined ? undefined : count(progress.annotations)}
        detail={progress === undefined ? undefined : `in ${plural(progress.days, "day")}`}
        to={done}
      />
    </Figures>
  );
}

function Definition({ queue }: { queue: AnnotationQueue }): JSX.Element {
  const agent = useAgentSlug(queue.agentId);
  return (
    <div className="columns">
      <Card title="What comes here">
        <Facts
          facts={[
            ["Id", <CopyableId key="id" id={queue.id} />],
            ["Takes", describeFilter(queue)],
            ["People an example", queue.overlap],
            ["Order", ORDERING_WORDS[queue.ordering]],
            [
              "Gold",
              <Link key="gold" to="/annotators" search={{ agent }}>
                {percent(queue.goldShare, 0)} of claims
              </Link>,
            ],
            [
              "Agreement",
              <Link key="agreement" to="/agreement" search={{ queue: queue.id, agent }}>
                How far people agree here
              </Link>,
            ],
            ["Made", <RelativeTime key="made" time={queue.createdAt} />],
            ["Changed", <RelativeTime key="changed" time={queue.updatedAt} />],
          ]}
        />
      </Card>
      <Card title="Guidelines">
        {queue.guidelines === null ? (
          <p className="soft">
            None of its own: annotators read what the four dimensions mean in general. What is special about
            these examples belongs here.
          </p>
        ) : (
          <p className="pre">{queue.guidelines}</p>
        )}
      </Card>
    </div>
  );
}
