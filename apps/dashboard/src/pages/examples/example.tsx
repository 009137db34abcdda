import { useExample, useVerifyAnnotation } from "@agent-learning/react/query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { useAgentSlug } from "../../agents/use-agent-slug.ts";
import type { Annotation, LearningExampleDetail } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { DetailPage } from "../../components/detail-page.tsx";
import { Facts } from "../../components/facts.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { TextBlock } from "../../components/text-block.tsx";
import { TextDiff } from "../../components/text-diff.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { decimal, NOTHING } from "../../format/numbers.ts";
import { humanise, REVIEW_TONES } from "../../format/words.ts";
import { useMay, useSession } from "../../session/session-context.ts";
import { MakeCase } from "../regression-cases/make-case.tsx";

const route = getRouteApi("/examples/$exampleId");

/** An example, where it came from and what it went into. */
export function ExamplePage(): JSX.Element {
  const { exampleId } = route.useParams();
  const read = useExample(exampleId);
  return (
    <DetailPage
      read={read}
      kind="Example"
      title={({ exampleType }) => `${humanise(exampleType)} example`}
      trail={<Link to="/examples">Examples</Link>}
      lead={({ reviewStatus }) => <Badge tone={REVIEW_TONES[reviewStatus]}>{humanise(reviewStatus)}</Badge>}
      actions={({ id, agentId, expectedOutput }) => (
        <MakeCase agentId={agentId} source={{ learningExampleId: id }} expected={expectedOutput} />
      )}
    >
      {(example) => <Body example={example} />}
    </DetailPage>
  );
}

function Body({ example }: { example: LearningExampleDetail }): JSX.Element {
  const { lineage } = example;
  return (
    <>
      <div className="columns">
        <div className="stack">
          <Card title="Input">
            <TextBlock text={example.inputText} />
          </Card>
          <Card title="Answered, and expected">
            {example.outputA === null ? (
              <TextDiff before={example.originalOutput ?? ""} after={example.expectedOutput} />
            ) : (
              <div className="stack">
                <TextBlock text={example.outputA} />
                <TextBlock text={example.outputB} />
                <p className="soft">Preferred: {example.preferredOutput}</p>
              </div>
            )}
          </Card>
          <Annotations example={example} />
        </div>
        <div className="stack">
          <Card title="Facts">
            <Facts
              facts={[
                ["Id", <CopyableId key="id" id={example.id} />],
                ["Quality", decimal(example.qualityScore)],
                ["Agent’s confidence", decimal(example.confidenceScore)],
                ["Source", humanise(example.sourceType)],
                ["Domain", example.domain ?? NOTHING],
                ["Task", example.taskType ?? NOTHING],
                ["Tags", example.tags.join(", ") || NOTHING],
                ["Group", <CopyableId key="group" id={example.groupKey} label="group" />],
                ["Used in training", `${example.timesUsedInTraining} ×`],
                ["Reviewed", <RelativeTime key="reviewed" time={example.reviewedAt} />],
                ["Made", <RelativeTime key="made" time={example.createdAt} />],
              ]}
            />
          </Card>
          <Lineage lineage={lineage} agentId={example.agentId} />
        </div>
      </div>
    </>
  );
}

function Lineage({
  lineage,
  agentId,
}: {
  lineage: LearningExampleDetail["lineage"];
  agentId: string;
}): JSX.Element {
  const agentSlug = useAgentSlug(agentId);
  const { feedback, execution, datasets, versions } = lineage;
  return (
    <Card title="Where it came from, what it went into">
      <Facts
        facts={[
          [
            "Feedback",
            feedback === null ? (
              NOTHING
            ) : (
              <Link key="feedback" to="/feedback/$feedbackId" params={{ feedbackId: feedback.id }}>
                {humanise(feedback.feedbackType)}
              </Link>
            ),
          ],
          [
            "Execution",
            execution === null ? (
              NOTHING
            ) : (
              <Link
                key="execution"
                to="/executions/$executionId"
                params={{ executionId: execution.id }}
                search={{ agent: agentSlug }}
                className="code"
              >
                {execution.executionId}
              </Link>
            ),
          ],
          [
            "Datasets",
            datasets.length === 0
              ? NOTHING
              : datasets.map((dataset) => (
                  <p key={dataset.id}>
                    <Link to="/datasets/$datasetId" params={{ datasetId: dataset.id }}>
                      {dataset.name} {dataset.version}
                    </Link>{" "}
                    <span className="faint">{dataset.split}</span>
                  </p>
                )),
          ],
          [
            "Versions",
            versions.length === 0
              ? NOTHING
              : versions.map((version) => (
                  <p key={version.id}>
                    <Link
                      to="/agents/$agentSlug/versions/$versionId"
                      params={{ agentSlug, versionId: version.id }}
                    >
                      Version {version.number}
                    </Link>{" "}
                    <span className="faint">by {version.via}</span>
                  </p>
                )),
          ],
        ]}
      />
    </Card>
  );
}

function Annotations({ example }: { example: LearningExampleDetail }): JSX.Element {
  const { annotations, annotationsHidden } = example.lineage;
  return (
    <Card title="Annotations">
      {annotationsHidden ? (
        <p className="soft">Hidden while you may still annotate this example: annotating is blind.</p>
      ) : annotations.length === 0 ? (
        <p className="soft">Nobody has annotated it yet.</p>
      ) : (
        <ul className="stack">
          {annotations.map((annotation) => (
            <OneAnnotation key={annotation.id} annotation={annotation} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function OneAnnotation({ annotation }: { annotation: Annotation }): JSX.Element {
  const { userId } = useSession();
  const may = useMay("reviewer") && annotation.expertId !== userId && !annotation.isVerified;
  const verify = useVerifyAnnotation();
  return (
    <li className="stack-tight">
      <div className="row-apart">
        <span className="row">
          <Badge tone={annotation.decision === "approve" ? "good" : "bad"}>
            {annotation.decision === "approve" ? "Approved" : "Rejected"}
          </Badge>
          {annotation.annotationType === "adjudication" ? <Badge tone="accent">Adjudication</Badge> : null}
          {annotation.isVerified ? <Badge tone="good">Verified</Badge> : null}
          <CopyableId id={annotation.expertId} label="expert" />
        </span>
        <span className="row small faint">
          <RelativeTime time={annotation.createdAt} />
          {may ? (
            <Button
              busy={verify.isPending}
              onClick={() =>
                verify.mutate(
                  { annotationId: annotation.id },
                  { onSuccess: () => toast("Annotation verified."), onError: toastError },
                )
              }
            >
              Verify
            </Button>
          ) : null}
        </span>
      </div>
      <p className="small soft">
        Accuracy {decimal(annotation.technicalAccuracy)}, professional quality{" "}
        {decimal(annotation.professionalQuality)}, completeness {decimal(annotation.completeness)}, clarity{" "}
        {decimal(annotation.clarity)}
      </p>
      {annotation.correctedOutput === null ? null : <TextBlock text={annotation.correctedOutput} />}
      {annotation.notes === null || annotation.notes === "" ? null : (
        <p className="pre">{annotation.notes}</p>
      )}
    </li>
  );
}
