import { useExperimentResults } from "@agent-learning/react/query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { useAgentSlug } from "../../agents/use-agent-slug.ts";
import type { ExperimentResults } from "../../api/types.ts";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { DetailPage, StateLead } from "../../components/detail-page.tsx";
import { Facts } from "../../components/facts.tsx";
import { IntervalPlot } from "../../components/interval-plot.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { NOTHING, percent } from "../../format/numbers.ts";
import { EXPERIMENT_TONES, humanise, metricWord } from "../../format/words.ts";
import { Allocation } from "./allocation.tsx";
import { armWord, intendedShare, primariesOf, treatmentsOf } from "./arms.ts";
import { Bayes } from "./bayes.tsx";
import { ExperimentActions } from "./experiment-actions.tsx";
import { Guardrails } from "./guardrails.tsx";
import { Health } from "./health.tsx";
import { LiftOverTime } from "./lift-over-time.tsx";
import { MetricTable } from "./metric-table.tsx";
import { Missing } from "./missing.tsx";
import { describeExperiment, differenceOf } from "./verdict.ts";

const route = getRouteApi("/experiments/$experimentId");

/** An experiment: can it be trusted, what does it say, what is missing for a decision. */
export function ExperimentPage(): JSX.Element {
  const { experimentId } = route.useParams();
  const read = useExperimentResults(experimentId, { refetchInterval: 10_000 });
  return (
    <DetailPage
      read={read}
      kind="Experiment"
      title={({ experiment }) => experiment.name}
      trail={<Link to="/experiments">Experiments</Link>}
      lead={(results) => (
        <StateLead
          tone={EXPERIMENT_TONES[results.experiment.status]}
          word={humanise(results.experiment.status)}
        >
          {describeExperiment(results)}
        </StateLead>
      )}
      actions={({ experiment }) => <ExperimentActions experiment={experiment} />}
    >
      {(results) => <Body results={results} />}
    </DetailPage>
  );
}

function Body({ results }: { results: ExperimentResults }): JSX.Element {
  const { experiment } = results;
  const arms = treatmentsOf(experiment);
  const seen = primariesOf(results).flatMap(({ arm, absolute, better }) =>
    absolute === null ? [] : [{ name: armWord(arm, arms), ...absolute, better }],
  );
  return (
    <>
      <div className="columns">
        <Health results={results} />
        <Missing results={results} />
      </div>
      <Card title={`Lift in ${metricWord(experiment.primaryMetric).toLowerCase()}: treatment less control`}>
        <div className="stack">
          {seen.length === 0 ? (
            <p className="soft">The first interval appears when each arm has a few units with outcomes.</p>
          ) : (
            <IntervalPlot
              label="Lift of the primary metric"
              rows={seen}
              format={(value) => differenceOf(experiment.primaryMetric, value)}
            />
          )}
          <LiftOverTime experiment={experiment} />
        </div>
      </Card>
      <Guardrails results={results} />
      <MetricTable results={results} />
      <Bayes results={results} />
      <Allocation experiment={experiment} />
      <ExperimentFacts results={results} />
    </>
  );
}

function ExperimentFacts({ results }: { results: ExperimentResults }): JSX.Element {
  const { experiment } = results;
  const agentSlug = useAgentSlug(experiment.agentId);
  const arms = treatmentsOf(experiment);
  const version = (versionId: string): JSX.Element => (
    <Link to="/agents/$agentSlug/versions/$versionId" params={{ agentSlug, versionId }}>
      What it runs
    </Link>
  );
  return (
    <Card title="Facts">
      <div className="columns">
        <Facts
          facts={[
            ["Hypothesis", experiment.hypothesis ?? NOTHING],
            ["Description", experiment.description ?? NOTHING],
            ["Control", version(experiment.controlConfig.version_id)],
            [armWord("treatment", arms), version(experiment.treatmentConfig.version_id)],
            ...experiment.additionalTreatments.map(
              ({ name, config }) => [name, version(config.version_id)] as const,
            ),
            [
              "Shares at the start",
              ["control", ...arms]
                .map(
                  (arm) =>
                    `${percent(intendedShare(experiment, arm), 0)} ${armWord(arm, arms).toLowerCase()}`,
                )
                .join(", "),
            ],
          ]}
        />
        <Facts
          facts={[
            ["Id", <CopyableId key="id" id={experiment.id} />],
            [
              "Training run",
              experiment.trainingRunId === null ? (
                NOTHING
              ) : (
                <Link key="run" to="/runs/$runId" params={{ runId: experiment.trainingRunId }}>
                  How the treatment was learned
                </Link>
              ),
            ],
            ["Level", percent(experiment.significanceLevel, 0)],
            ["Started", <RelativeTime key="started" time={experiment.startedAt} />],
            ["Ended", <RelativeTime key="ended" time={experiment.endedAt} />],
            experiment.decisionNotes === null ? undefined : ["Decision", experiment.decisionNotes],
          ]}
        />
      </div>
    </Card>
  );
}
