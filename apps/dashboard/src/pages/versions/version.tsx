import {
  useCreateRollout,
  useReviewVersion,
  useServing,
  useStartServing,
  useVersion,
  useVersionDifference,
  useVersions,
} from "@agent-learning/react/query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { AgentVersion } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { DetailPage, StateLead } from "../../components/detail-page.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Facts } from "../../components/facts.tsx";
import { Choice } from "../../components/field.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { ReviewDialog } from "../../components/review-dialog.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { count, NOTHING, percent } from "../../format/numbers.ts";
import { humanise } from "../../format/words.ts";
import { useMay } from "../../session/session-context.ts";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { VERSION_TONES } from "../agents/agent.tsx";
import { VersionGate } from "../gate/version-gate.tsx";
import { Difference } from "./difference.tsx";
import { EditVersionDialog } from "./edit-version-dialog.tsx";
import { Prompt } from "./prompt.tsx";

const route = getRouteApi("/agents/$agentSlug/versions/$versionId");

/** A version: what it changes against another, what the gate says of it, and a person's word on it. */
export function VersionPage(): JSX.Element {
  const { agentSlug, versionId } = route.useParams();
  const read = useVersion(agentSlug, versionId);
  return (
    <DetailPage
      read={read}
      kind="Version"
      title={({ number }) => `Version ${number}`}
      trail={
        <>
          <Link to="/agents">Agents</Link> /{" "}
          <Link to="/agents/$agentSlug" params={{ agentSlug }}>
            {agentSlug}
          </Link>
        </>
      }
      lead={(version) => <Lead version={version} />}
      actions={(version) => <Actions version={version} agentSlug={agentSlug} />}
    >
      {(version) => <Body version={version} agentSlug={agentSlug} />}
    </DetailPage>
  );
}

function Lead({ version }: { version: AgentVersion }): JSX.Element {
  const touches =
    version.affectedQueryShare === null
      ? ""
      : ` It changes the answer to ${percent(version.affectedQueryShare, 0)} of recent inputs.`;
  return (
    <StateLead
      tone={VERSION_TONES[version.reviewStatus]}
      word={
        version.reviewStatus === "not_required"
          ? "No review needed"
          : version.reviewStatus === "pending"
            ? "Waits for review"
            : humanise(version.reviewStatus)
      }
    >
      {version.changeSummary ?? "No summary."}
      {touches}
      {version.evidenceErasedAt === null
        ? ""
        : " A person was erased whose evidence it was made of: train it anew from what is left."}
    </StateLead>
  );
}

function Actions({ version, agentSlug }: { version: AgentVersion; agentSlug: string }): JSX.Element | null {
  const may = useMay("reviewer");
  const navigate = useNavigate();
  const review = useReviewVersion();
  const release = useCreateRollout();
  const serve = useStartServing();
  const serving = useServing(agentSlug);
  const mayServe = useMay("admin") && serving.data?.defaultVersionId === null;
  const [reviewing, setReviewing] = useState(false);
  const [editing, setEditing] = useState(false);
  useShortcuts("Version", may ? [{ keys: "v", label: "Review", run: () => setReviewing(true) }] : []);
  if (!may) return null;
  return (
    <>
      <Button
        hint="v"
        kind={version.reviewStatus === "pending" ? "primary" : "plain"}
        onClick={() => setReviewing(true)}
      >
        Review
      </Button>
      <Button onClick={() => setEditing(true)}>Edit as a new version</Button>
      {mayServe ? (
        <Button
          busy={serve.isPending}
          onClick={() =>
            serve.mutate(
              { agentId: agentSlug, versionId: version.id },
              { onSuccess: () => toast("It is in service."), onError: toastError },
            )
          }
        >
          Put into service
        </Button>
      ) : null}
      <Button
        busy={release.isPending}
        onClick={() =>
          release.mutate(
            { agentId: agentSlug, candidateVersionId: version.id },
            {
              onSuccess: ({ id }) => void navigate({ to: "/rollouts/$rolloutId", params: { rolloutId: id } }),
              onError: toastError,
            },
          )
        }
      >
        Prepare a rollout
      </Button>
      {editing ? (
        <EditVersionDialog version={version} agentSlug={agentSlug} onClose={() => setEditing(false)} />
      ) : null}
      {reviewing ? (
        <ReviewDialog
          title={`Review version ${version.number}`}
          busy={review.isPending}
          error={review.error}
          onClose={() => setReviewing(false)}
          onDecide={(decision, notes) =>
            review.mutate(
              { agentId: agentSlug, versionId: version.id, decision, notes },
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

function Body({ version, agentSlug }: { version: AgentVersion; agentSlug: string }): JSX.Element {
  const { against = version.parentVersionId ?? undefined } = route.useSearch();
  const navigate = route.useNavigate();
  const versions = useVersions(agentSlug, { limit: 100 }).data?.filter(({ id }) => id !== version.id) ?? [];
  const difference = useVersionDifference(
    agentSlug,
    version.id,
    { against },
    { enabled: against !== undefined },
  );
  return (
    <>
      <Card
        title="What it changes"
        aside={
          <Choice
            label="Against"
            value={against ?? ""}
            options={[
              ...(against === undefined ? [["", "Choose a version"] as const] : []),
              ...versions.map(
                (one) =>
                  [
                    one.id,
                    `Version ${one.number}${one.id === version.parentVersionId ? " (parent)" : ""}`,
                  ] as const,
              ),
            ]}
            onChange={(value) =>
              void navigate({
                search: (before) => ({ ...before, against: value === "" ? undefined : value }),
                replace: true,
              })
            }
          />
        }
      >
        {against === undefined ? (
          <p className="soft">It has no parent: it is where the agent began.</p>
        ) : difference.error !== null ? (
          <ErrorNote error={difference.error} />
        ) : difference.data === undefined ? (
          <SkeletonText lines={6} />
        ) : (
          <Difference difference={difference.data} />
        )}
      </Card>
      <VersionGate agentSlug={agentSlug} versionId={version.id} />
      <Prompt version={version} />
      <Card title="Facts">
        <div className="columns">
          <Facts
            facts={[
              ["Id", <CopyableId key="id" id={version.id} />],
              ["Content", <CopyableId key="hash" id={version.contentHash} label="content hash" />],
              ["Origin", humanise(version.origin)],
              [
                "Training run",
                version.trainingRunId === null ? (
                  NOTHING
                ) : (
                  <Link key="run" to="/runs/$runId" params={{ runId: version.trainingRunId }}>
                    How it was learned
                  </Link>
                ),
              ],
              [
                "Executions",
                <Link key="executions" to="/executions" search={{ version: version.id, agent: agentSlug }}>
                  What it answered
                </Link>,
              ],
            ]}
          />
          <Facts
            facts={[
              ["Runtime", version.config.runtime],
              ["Demonstrations", count(version.config.demonstrations.length)],
              ["Playbook rules", count(version.config.playbook.length)],
              ["Made", <RelativeTime key="made" time={version.createdAt} />],
              ["Reviewed", <RelativeTime key="reviewed" time={version.reviewedAt} />],
              version.reviewNotes === null ? undefined : ["Notes", version.reviewNotes],
            ]}
          />
        </div>
      </Card>
    </>
  );
}
