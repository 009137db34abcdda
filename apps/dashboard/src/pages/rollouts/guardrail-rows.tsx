import type { RolloutEvidence } from "@agent-learning/contract";
import { type CamelCased, type Page, useLearningClient } from "@agent-learning/react/query";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { RolloutDetails } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { humanise } from "../../format/words.ts";
import "./guardrail-rows.css";

interface GuardrailRowsProps {
  rollout: RolloutDetails;
  guardrail: string;
  /** Shown at once, instead of after a click. */
  open?: boolean;
}

/** The executions and votes behind a guardrail, those against the candidate first. */
export function GuardrailRows({ rollout, guardrail, open = false }: GuardrailRowsProps): JSX.Element {
  const [shown, setShown] = useState(open);
  return (
    <details open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary className="small">Rows behind it</summary>
      {shown ? <Rows rollout={rollout} guardrail={guardrail} /> : null}
    </details>
  );
}

function Rows({ rollout, guardrail }: GuardrailRowsProps): JSX.Element {
  const client = useLearningClient();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["agent-learning", "rollouts", rollout.id, "evidence", guardrail, rollout.evaluatedAt],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ signal, pageParam }) =>
      (await client.request("GET", `/rollouts/${rollout.id}/evidence`, {
        query: { guardrail, limit: 20, cursor: pageParam },
        signal,
      })) as unknown as Page<CamelCased<RolloutEvidence>>,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  if (error !== null) return <ErrorNote error={error} />;
  if (data === undefined) return <SkeletonText lines={4} />;
  const rows = data.pages.flatMap((page) => page.data);
  if (rows.length === 0) return <p className="small faint">There are none yet.</p>;
  return (
    <>
      <ul className="evidence-rows">
        {rows.map((row) => (
          <li key={row.kind + row.id} className={row.against ? "against" : undefined}>
            <span aria-hidden="true" className={row.against ? "bad" : "faint"}>
              {row.against ? "✕" : "·"}
            </span>
            {row.kind === "feedback" ? (
              <Link to="/feedback/$feedbackId" params={{ feedbackId: row.id }}>
                Vote {row.value.toFixed(2)}
              </Link>
            ) : row.executionId === null ? (
              <span>Outcome {row.value}</span>
            ) : (
              <Link to="/executions/$executionId" params={{ executionId: row.executionId }}>
                {row.errorType === null
                  ? guardrail === "latency"
                    ? `${Math.round(row.value)} ms`
                    : "Execution"
                  : humanise(row.errorType)}
              </Link>
            )}
            <span className="small faint clip">{row.unitId ?? ""}</span>
            <span className="small faint">
              <RelativeTime time={row.createdAt} />
            </span>
          </li>
        ))}
      </ul>
      {hasNextPage ? (
        <Button kind="quiet" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      ) : null}
    </>
  );
}
