import { useReviewContributions, useSuspicions } from "@agent-learning/react/query";
import { getRouteApi } from "@tanstack/react-router";
import type { JSX } from "react";
import { WithAgent } from "../../agents/with-agent.tsx";
import type { Agent, ContributionSuspicion } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Choice, Filter } from "../../components/field.tsx";
import { Page } from "../../components/page.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { useSetSearch } from "../../components/use-set-search.ts";
import { percent, plural } from "../../format/numbers.ts";
import { useMay } from "../../session/session-context.ts";
import { DETECTOR_WORDS } from "./detector-words.ts";
import { Suspicion } from "./suspicion.tsx";

const route = getRouteApi("/suspicions");

/** Contributions that nothing is learned from until a person has decided whether they are honest. */
export function Suspicions(): JSX.Element {
  return <WithAgent title="Suspicions">{(agent) => <List agent={agent} />}</WithAgent>;
}

function List({ agent }: { agent: Agent }): JSX.Element {
  const { status = "open", detector } = route.useSearch();
  const set = useSetSearch();
  const may = useMay("reviewer");
  const list = useSuspicions(
    { agentId: agent.slug, status, limit: detector === undefined ? 20 : 100 },
    { enabled: may },
  );
  const review = useReviewContributions();
  const look = (): void =>
    review.mutate(
      { agentId: agent.slug },
      {
        onSuccess: ({ contributions, contradictionRate, suspicions }) =>
          toast(
            `Looked at ${plural(contributions, "contribution")}, ${percent(contradictionRate, 0)} of which contradict verified examples: ${plural(suspicions.length, "new suspicion")}.`,
          ),
        onError: toastError,
      },
    );
  const open = status === "open" ? (list.data?.length ?? 0) : 0;
  const shown = list.data?.filter((one) => detector === undefined || one.detector === detector);
  return (
    <Page
      title="Suspicions"
      lead={
        !may
          ? "Reviewers decide whom to trust."
          : open > 0
            ? `${plural(open, "suspicion waits", "suspicions wait")}${list.hasNextPage ? " or more" : ""}: nothing is learned from what they hold back until you decide.`
            : "Floods, contradictions of verified examples, and people who act in concert are held back here before anything is learned from them."
      }
      actions={
        may ? (
          <>
            <Filter
              label="Found by"
              value={detector}
              options={Object.entries(DETECTOR_WORDS) as [ContributionSuspicion["detector"], string][]}
              onChange={(value) => set({ detector: value })}
            />
            <Choice
              label="Status"
              value={status}
              options={[
                ["open", "Open"],
                ["released", "Released"],
                ["confirmed", "Upheld"],
              ]}
              onChange={(value) => set({ status: value === "open" ? undefined : value })}
            />
            <Button busy={review.isPending} onClick={look}>
              Look through contributions
            </Button>
          </>
        ) : undefined
      }
    >
      {list.error !== null ? (
        <ErrorNote error={list.error} retry={() => void list.refetch()} />
      ) : !may ? null : shown === undefined ? (
        <Card>
          <SkeletonText lines={5} />
        </Card>
      ) : shown.length === 0 && !list.hasNextPage ? (
        <Card>
          <EmptyState title={status === "open" ? "Nothing is held back" : "There is none of these"}>
            Contributions of end users are looked through by themselves. When one looks planted, it is held
            back and stands here with what was found; you release it or uphold the suspicion.
          </EmptyState>
        </Card>
      ) : (
        shown.map((one) => <Suspicion key={one.id} suspicion={one} />)
      )}
      {list.hasNextPage ? (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      ) : null}
    </Page>
  );
}
