import {
  useCancelTrainingRun,
  useReviewTrainingRun,
  useRunApproval,
  useTrainingRun,
  useTrainingRunEvents,
} from "@agent-learning/react/query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { TrainingRun } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { DetailPage, StateLead } from "../../components/detail-page.tsx";
import { Facts } from "../../components/facts.tsx";
import { IntervalPlot } from "../../components/interval-plot.tsx";
import { Meter } from "../../components/meter.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { ReviewDialog } from "../../components/review-dialog.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { count, NOTHING, percent, plural, points } from "../../format/numbers.ts";
import { humanise, RUN_TONES } from "../../format/words.ts";
import { useMay } from "../../session/session-context.ts";
import { Approval } from "./approval.tsx";
import { Decision } from "./decision.tsx";
import { describePhase, type Phase, PHASE_TONES } from "./describe-phase.ts";
import { FineTuning } from "./fine-tuning.tsx";
import { FineTuningActions } from "./fine-tuning-actions.tsx";
import { RunLog } from "./run-log.tsx";
import { describeRun, gateOf, reasonsOf, trialsOf } from "./run-report.ts";
import { Trials } from "./trials.tsx";

const route = getRouteApi("/runs/$runId");
const UNDER_WAY = new Set(["pending", "running"]);

function isTuned(run: TrainingRun): run is TrainingRun & { phase: Phase } {
  return run.phase !== null;
}

/** One run: how far it is, what it found, what the gate said. */
export function RunPage(): JSX.Element {
  const { runId } = route.useParams();
  const read = useTrainingRun(runId, { refetchInterval: 3_000 });
  const log = useTrainingRunEvents(runId);
  return (
    <DetailPage
      read={read}
      kind="Training run"
      title={({ name }) => name}
      trail={<Link to="/runs">Training runs</Link>}
      lead={(run) =>
        isTuned(run) ? (
          <StateLead tone={PHASE_TONES[run.phase]} word={humanise(run.phase)}>
            {describePhase(run)}
          </StateLead>
        ) : (
          <StateLead tone={RUN_TONES[run.status]} word={humanise(run.status)}>
            {describeRun(run)}
          </StateLead>
        )
      }
      actions={(run) => <Actions run={run} />}
    >
      {(run) => (
        <>
          {UNDER_WAY.has(run.status) ? (
            <Meter
              value={run.progressPercentage / 100}
              label={`Progress of the run: ${run.progressPercentage} %`}
            />
          ) : null}
          {isTuned(run) ? <FineTuning run={run} log={log} /> : null}
          <Gate run={run} />
          <div className="columns">
            <div className="stack">
              <Why run={run} />
              <RunFacts run={run} />
            </div>
            <RunLog log={log} />
          </div>
          <Findings run={run} />
        </>
      )}
    </DetailPage>
  );
}

function Actions({ run }: { run: TrainingRun }): JSX.Element | null {
  const may = useMay("reviewer");
  const cancel = useCancelTrainingRun();
  const review = useReviewTrainingRun();
  const [reviewing, setReviewing] = useState(false);
  if (!may) return null;
  if (isTuned(run) && run.phase !== "awaiting_review") return <FineTuningActions run={run} />;
  if (!isTuned(run) && UNDER_WAY.has(run.status)) {
    return (
      <Button
        kind="danger"
        busy={cancel.isPending}
        onClick={() =>
          cancel.mutate(
            { runId: run.id },
            { onSuccess: () => toast("The run is cancelled."), onError: toastError },
          )
        }
      >
        Cancel the run
      </Button>
    );
  }
  if (run.reviewStatus !== "pending" && run.phase !== "awaiting_review") return null;
  return (
    <>
      {run.trainingType === "behavior_learning" ? (
        <ReviewIfAllowed runId={run.id} onReview={() => setReviewing(true)} />
      ) : (
        <Button kind="primary" onClick={() => setReviewing(true)}>
          Review
        </Button>
      )}
      {reviewing ? (
        <ReviewDialog
          title="Review what was learned"
          busy={review.isPending}
          error={review.error}
          onClose={() => setReviewing(false)}
          onDecide={(decision, notes) =>
            review.mutate(
              { runId: run.id, decision: decision === "approve" ? "approved" : "rejected", notes },
              {
                onSuccess: () => {
                  setReviewing(false);
                  toast(decision === "approve" ? "Approved." : "Rejected.");
                },
              },
            )
          }
        />
      ) : null}
    </>
  );
}

/** The server says who may decide; whoever may not reads why in the card below. */
function ReviewIfAllowed({ runId, onReview }: { runId: string; onReview: () => void }): JSX.Element | null {
  const { data: approval } = useRunApproval(runId);
  return approval?.mayDecide === true ? (
    <Button kind="primary" onClick={onReview}>
      Review
    </Button>
  ) : null;
}

/** What the gate measured, across the whole page: its interval wants room. */
function Gate({ run }: { run: TrainingRun }): JSX.Element | null {
  const gate = gateOf(run);
  if (gate?.interval === undefined || gate.difference === undefined) return null;
  return (
    <Card title="The gate: candidate less its base, on rows that no optimiser saw">
      <div className="stack">
        <IntervalPlot
          label="Difference of the mean score"
          rows={[
            {
              name: "Score",
              estimate: gate.difference,
              lower: gate.interval[0],
              upper: gate.interval[1],
              better: "higher",
            },
          ]}
          format={(value) => `${points(value)} points`}
        />
        <p className="soft">
          {percent(gate.baseline_score)} before, {percent(gate.candidate_score)} after, n ={" "}
          {run.datasetId === null ? (
            plural(gate.rows ?? 0, "row")
          ) : (
            <Link to="/examples" search={{ dataset: run.datasetId, split: "test" }}>
              {plural(gate.rows ?? 0, "row")}
            </Link>
          )}
          : {count(gate.wins ?? 0)} better, {count(gate.losses ?? 0)} worse.
        </p>
      </div>
    </Card>
  );
}

function Why({ run }: { run: TrainingRun }): JSX.Element | null {
  const reasons = reasonsOf(run);
  // A run of fine-tuning says above where it is.
  if (isTuned(run) && reasons.length === 0) return null;
  return (
    <Card title="Why">
      {reasons.length === 0 ? (
        <p className="soft">
          {UNDER_WAY.has(run.status) ? "The reasons come with the verdict." : describeRun(run)}
        </p>
      ) : (
        <ul className="stack-tight">
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Findings({ run }: { run: TrainingRun }): JSX.Element {
  const trials = trialsOf(run);
  return (
    <>
      {run.trainingType === "behavior_learning" ? <Approval runId={run.id} /> : null}
      {run.trainingType === "rag_training" ? (
        <Card title="What it would change">
          <p>
            <Link to="/retrieval" search={{ run: run.id }}>
              What moved and why, slices, spot checks
            </Link>
          </p>
        </Card>
      ) : null}
      {UNDER_WAY.has(run.status) ? null : <Decision runId={run.id} />}
      {trials.length === 0 ? null : <Trials trials={trials} />}
    </>
  );
}

function RunFacts({ run }: { run: TrainingRun }): JSX.Element {
  return (
    <Card title="Facts">
      <Facts
        facts={[
          ["Id", <CopyableId key="id" id={run.id} />],
          ["Way of learning", humanise(run.trainingType)],
          [
            "Dataset",
            run.datasetId === null ? (
              NOTHING
            ) : (
              <Link key="dataset" to="/datasets/$datasetId" params={{ datasetId: run.datasetId }}>
                Its card
              </Link>
            ),
          ],
          [
            "Review",
            run.reviewStatus === null
              ? run.requiresReview
                ? "Needed"
                : "Not needed"
              : humanise(run.reviewStatus),
          ],
          run.reviewNotes === null ? undefined : ["Notes", run.reviewNotes],
          ...settingsOf(run),
          ["Started", <RelativeTime key="started" time={run.startedAt} />],
          ["Ended", <RelativeTime key="ended" time={run.completedAt} />],
        ]}
      />
    </Card>
  );
}

/** What it was asked to do, a line for each setting. */
function settingsOf(run: TrainingRun): (readonly [string, string])[] {
  return Object.entries({ ...run.config, ...run.hyperparameters }).map(
    ([name, value]) =>
      [
        humanise(name),
        typeof value === "string"
          ? value
          : Array.isArray(value) && value.every((one) => typeof one === "string")
            ? value.join(", ")
            : JSON.stringify(value),
      ] as const,
  );
}
