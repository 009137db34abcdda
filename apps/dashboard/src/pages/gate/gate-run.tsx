import {
  useCancelEvaluationRun,
  useCreateEvaluationRun,
  useEvaluationRun,
} from "@agent-learning/react/query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { JSX } from "react";
import { useAgentSlug } from "../../agents/use-agent-slug.ts";
import { useVersionNames } from "../../agents/use-version-names.ts";
import type { EvaluationRunDetails } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { DetailPage, StateLead } from "../../components/detail-page.tsx";
import { Facts } from "../../components/facts.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { NOTHING } from "../../format/numbers.ts";
import { GATE_TONES, humanise } from "../../format/words.ts";
import { useMay } from "../../session/session-context.ts";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { Contributors } from "./contributors.tsx";
import { describeGate, gateWord } from "./describe-gate.ts";
import { Regression } from "./regression.tsx";
import { Safety } from "./safety.tsx";
import { WaitingForAnswers } from "./waiting-for-answers.tsx";

const route = getRouteApi("/gate/$runId");
const UNDER_WAY = new Set(["pending", "waiting", "running"]);

/** One report of the gate: may this version meet users, and what speaks against it. */
export function GateRun(): JSX.Element {
  const { runId } = route.useParams();
  const read = useEvaluationRun(runId, { refetchInterval: 5_000 });
  const nameOf = useVersionNames(read.data?.agentId);
  return (
    <DetailPage
      read={read}
      kind="Report of the gate"
      title={({ candidateVersionId }) => `Gate: ${nameOf(candidateVersionId)}`}
      trail={<Link to="/gate">Release gate</Link>}
      lead={(run) => (
        <StateLead tone={GATE_TONES[gateWord(run)]} word={humanise(gateWord(run))}>
          {describeGate(run)}
        </StateLead>
      )}
      actions={(run) => <Actions run={run} />}
    >
      {(run) => <Body run={run} />}
    </DetailPage>
  );
}

function Actions({ run }: { run: EvaluationRunDetails }): JSX.Element | null {
  const may = useMay("reviewer");
  const navigate = useNavigate();
  const again = useCreateEvaluationRun();
  const cancel = useCancelEvaluationRun();
  const underWay = UNDER_WAY.has(run.status);
  const runAgain = (): void =>
    again.mutate(
      {
        agentId: run.agentId,
        versionId: run.candidateVersionId,
        checks: run.checks,
        answeredBy: run.answeredBy,
      },
      {
        onSuccess: ({ id }) => void navigate({ to: "/gate/$runId", params: { runId: id } }),
        onError: toastError,
      },
    );
  useShortcuts(
    "Report of the gate",
    may && !underWay ? [{ keys: "a", label: "Run again", run: runAgain }] : [],
  );
  if (!may) return null;
  return underWay ? (
    <Button
      kind="danger"
      busy={cancel.isPending}
      onClick={() =>
        cancel.mutate(
          { evaluationRunId: run.id },
          { onSuccess: () => toast("The run is cancelled."), onError: toastError },
        )
      }
    >
      Cancel the run
    </Button>
  ) : (
    <Button hint="a" busy={again.isPending} onClick={runAgain}>
      Run again
    </Button>
  );
}

function Body({ run }: { run: EvaluationRunDetails }): JSX.Element {
  const agentSlug = useAgentSlug(run.agentId);
  const version = (versionId: string, text: string): JSX.Element => (
    <Link to="/agents/$agentSlug/versions/$versionId" params={{ agentSlug, versionId }}>
      {text}
    </Link>
  );
  return (
    <>
      {run.status === "waiting" ? <WaitingForAnswers run={run} /> : null}
      {run.regression === null ? null : <Regression report={run.regression} />}
      {run.safety === null ? null : <Safety report={run.safety} />}
      {run.contributors === null ? null : <Contributors report={run.contributors} />}
      <Card title="Facts">
        <div className="columns">
          <Facts
            facts={[
              ["Id", <CopyableId key="id" id={run.id} />],
              ["Candidate", version(run.candidateVersionId, "What it changes")],
              [
                "Held against",
                run.baselineVersionId === null
                  ? "Nothing: no other version is in service"
                  : version(run.baselineVersionId, "The version in service"),
              ],
              [
                "Training run",
                run.trainingRunId === null ? (
                  NOTHING
                ) : (
                  <Link key="run" to="/runs/$runId" params={{ runId: run.trainingRunId }}>
                    How it was learned
                  </Link>
                ),
              ],
            ]}
          />
          <Facts
            facts={[
              ["Checks", run.checks.map(humanise).join(", ")],
              [
                "Answered by",
                run.answeredBy === "server" ? "The server, with its model" : "The agent itself",
              ],
              ["Begun", <RelativeTime key="begun" time={run.startedAt ?? run.createdAt} />],
              ["Completed", <RelativeTime key="completed" time={run.completedAt} />],
              [
                "What it is held to",
                <Link key="policy" to="/agents/$agentSlug" params={{ agentSlug }}>
                  The agent’s policy
                </Link>,
              ],
            ]}
          />
        </div>
      </Card>
    </>
  );
}
