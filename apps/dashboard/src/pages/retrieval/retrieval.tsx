import { useRetrievalReport, useTrainingRuns } from "@agent-learning/react/query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { WithAgent } from "../../agents/with-agent.tsx";
import type { Agent, TrainingRun } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Choice } from "../../components/field.tsx";
import { Page } from "../../components/page.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { exactTime } from "../../format/time.ts";
import { humanise, RUN_TONES } from "../../format/words.ts";
import { describeRun } from "../runs/run-report.ts";
import { ChunkingMap } from "./chunking-map.tsx";
import { METHOD_WORDS } from "./describe-retrieval.ts";
import { Moves } from "./moves.tsx";
import { Slices } from "./slices.tsx";
import { SpotChecks } from "./spot-checks.tsx";
import "./retrieval.css";

const route = getRouteApi("/retrieval");

/** What retrieval has learned: what moved and why, for whom it is better, what people say of it, how documents are cut. */
export function Retrieval(): JSX.Element {
  return <WithAgent title="Retrieval">{(agent) => <RetrievalOf agent={agent} />}</WithAgent>;
}

const methodOf = ({ config }: TrainingRun): string => {
  const method = config["method"];
  return typeof method === "string" ? method : "ranking";
};

/** What it found, where it found something; else how far it is. */
function leadOf(run: TrainingRun): string {
  const reasons = run.metrics["reasons"];
  const [first] = Array.isArray(reasons) ? reasons : [];
  return typeof first === "string" ? first : describeRun(run);
}

function RetrievalOf({ agent }: { agent: Agent }): JSX.Element {
  const { run: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useTrainingRuns(
    agent.slug,
    { trainingType: "rag_training", limit: 50 },
    { refetchInterval: 10_000 },
  );
  const runs = list.data;
  const run =
    runs?.find(({ id }) => id === wanted) ??
    runs?.find(({ candidateVersionId }) => candidateVersionId !== null) ??
    runs?.[0];
  const isLoading = runs === undefined && list.error === null;
  return (
    <Page
      title="Retrieval"
      lead={
        run === undefined
          ? isLoading
            ? " "
            : "What people say of retrieved chunks decides what comes first."
          : leadOf(run)
      }
      actions={
        runs === undefined || run === undefined ? undefined : (
          <Choice
            label="Run"
            value={run.id}
            options={runs.map(
              (one) =>
                [
                  one.id,
                  `${exactTime(one.createdAt)}: ${METHOD_WORDS[methodOf(one)] ?? humanise(methodOf(one))}`,
                ] as const,
            )}
            onChange={(id) => void navigate({ search: (before) => ({ ...before, run: id }), replace: true })}
          />
        )
      }
    >
      {list.error === null ? null : <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {isLoading ? (
        <Card>
          <SkeletonText lines={10} />
        </Card>
      ) : run === undefined ? (
        <Card>
          <EmptyState title="Retrieval has not learned yet">
            Record what your retriever returns, and let people vote on answers or mark chunks. A run starts by
            itself once a day when enough was said;{" "}
            <Link to="/agents/$agentSlug" params={{ agentSlug: agent.slug }}>
              the agent’s policy
            </Link>{" "}
            says how much.
          </EmptyState>
        </Card>
      ) : (
        <Report run={run} />
      )}
    </Page>
  );
}

function Report({ run }: { run: TrainingRun }): JSX.Element {
  const { data: report, error, refetch } = useRetrievalReport(run.id, { refetchInterval: 10_000 });
  return (
    <>
      <p className="row">
        <Badge tone={RUN_TONES[run.status]}>{humanise(run.status)}</Badge>
        <Link to="/runs/$runId" params={{ runId: run.id }}>
          {run.name}
        </Link>
      </p>
      {error === null || report !== undefined ? null : (
        <ErrorNote error={error} retry={() => void refetch()} />
      )}
      {report === undefined ? (
        error === null ? (
          <Card>
            <SkeletonText lines={10} />
          </Card>
        ) : null
      ) : (
        <>
          {report.chunking === null ? null : <ChunkingMap chunking={report.chunking} />}
          <div className="columns">
            <div className="stack">{report.chunking === null ? <Moves moves={report.moves} /> : null}</div>
            <div className="stack">
              {report.gate === null ? null : <Slices gate={report.gate} />}
              {report.chunking === null ? <SpotChecks checks={report.spotChecks} /> : null}
            </div>
          </div>
        </>
      )}
    </>
  );
}
