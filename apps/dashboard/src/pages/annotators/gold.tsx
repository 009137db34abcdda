import { useGoldList, useRetireGold } from "@agent-learning/react/query";
import { type JSX, useState } from "react";
import { Link } from "@tanstack/react-router";
import type { Agent, GoldAnswer } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { GoldDialog } from "./gold-dialog.tsx";

/** Examples with a known answer, handed out like any other to measure who annotates. */
export function Gold({ agent }: { agent: Agent }): JSX.Element {
  const list = useGoldList(agent.slug, { limit: 20 });
  const [adding, setAdding] = useState(false);
  return (
    <Card
      title="Known answers"
      aside={
        <Button kind="quiet" onClick={() => setAdding(true)}>
          Add
        </Button>
      }
    >
      {list.error !== null && list.data === undefined ? (
        <ErrorNote error={list.error} retry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <SkeletonText lines={4} />
      ) : list.data.length === 0 ? (
        <p className="soft">
          None yet. Say of a few examples what the right answer is: a <Link to="/queues">queue</Link> hands
          them out among the others at its gold share, and who annotates is measured by them. Nothing is
          learned from them.
        </p>
      ) : (
        <ul className="stack-tight">
          {list.data.map((gold) => (
            <OneGold key={gold.learningExampleId} gold={gold} />
          ))}
        </ul>
      )}
      {list.hasNextPage ? (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      ) : null}
      {adding ? <GoldDialog agent={agent} onClose={() => setAdding(false)} /> : null}
    </Card>
  );
}

function OneGold({ gold }: { gold: GoldAnswer }): JSX.Element {
  const retire = useRetireGold();
  const id = gold.learningExampleId;
  return (
    <li className="row-apart">
      <span className="row">
        <Badge tone={gold.decision === "approve" ? "good" : "bad"}>
          {gold.decision === "approve" ? "Approve" : "Reject"}
        </Badge>
        <Link to="/examples/$exampleId" params={{ exampleId: id }}>
          Example …{id.slice(-6)}
        </Link>
        <span className="small faint">
          <RelativeTime time={gold.createdAt} />
        </span>
      </span>
      {gold.retiredAt === null ? (
        <button
          type="button"
          className="link-button"
          disabled={retire.isPending}
          aria-label={`Retire the known answer of example ${id.slice(-6)}`}
          onClick={() =>
            retire.mutate(
              { learningExampleId: id },
              { onSuccess: () => toast("An ordinary example again."), onError: toastError },
            )
          }
        >
          Retire
        </button>
      ) : (
        <Badge tone="neutral">Retired</Badge>
      )}
    </li>
  );
}
