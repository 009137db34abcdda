import { useCreateEvaluationRun, useEvaluationRuns } from "@agent-learning/react/query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { JSX } from "react";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { toastError } from "../../components/toast.tsx";
import { GATE_TONES, humanise } from "../../format/words.ts";
import { useMay } from "../../session/session-context.ts";
import { describeGate, gateWord } from "./describe-gate.ts";

interface VersionGateProps {
  agentSlug: string;
  versionId: string;
}

const SHOWN = 3;

/** What the gate said of a version, and a way to ask it. */
export function VersionGate({ agentSlug, versionId }: VersionGateProps): JSX.Element {
  const { data, error } = useEvaluationRuns({ versionId, limit: 10 }, { refetchInterval: 10_000 });
  const may = useMay("reviewer");
  const navigate = useNavigate();
  const hold = useCreateEvaluationRun();
  return (
    <Card
      title="Release gate"
      aside={
        <span className="row">
          {data === undefined || data.length <= SHOWN ? null : (
            <Link to="/gate" search={{ version: versionId }} className="small">
              All reports
            </Link>
          )}
          {may ? (
            <Button
              kind="quiet"
              busy={hold.isPending}
              onClick={() =>
                hold.mutate(
                  { agentId: agentSlug, versionId },
                  {
                    onSuccess: ({ id }) => void navigate({ to: "/gate/$runId", params: { runId: id } }),
                    onError: toastError,
                  },
                )
              }
            >
              Hold it to the gate
            </Button>
          ) : null}
        </span>
      }
    >
      {error !== null ? (
        <ErrorNote error={error} />
      ) : data === undefined ? (
        <SkeletonText lines={2} />
      ) : data.length === 0 ? (
        <p className="soft">
          This version has not been held to the agent’s <Link to="/regression-cases">regression cases</Link>{" "}
          and the safety checks.
        </p>
      ) : (
        <ul className="stack-tight">
          {data.slice(0, SHOWN).map((run) => (
            <li key={run.id} className="row-apart">
              <span className="row grow">
                <Badge tone={GATE_TONES[gateWord(run)]}>{humanise(gateWord(run))}</Badge>
                <Link to="/gate/$runId" params={{ runId: run.id }} className="grow">
                  {describeGate(run)}
                </Link>
              </span>
              <span className="small faint">
                <RelativeTime time={run.completedAt ?? run.createdAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
