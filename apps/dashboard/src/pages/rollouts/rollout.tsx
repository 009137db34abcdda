import { useRollout } from "@agent-learning/react/query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { useAgentSlug } from "../../agents/use-agent-slug.ts";
import { useVersionNames } from "../../agents/use-version-names.ts";
import type { RolloutDetails } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { CopyableId } from "../../components/copyable-id.tsx";
import { DetailPage, StateLead } from "../../components/detail-page.tsx";
import { Facts } from "../../components/facts.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { NOTHING, percent } from "../../format/numbers.ts";
import { humanise, ROLLOUT_TONES } from "../../format/words.ts";
import { VersionGate } from "../gate/version-gate.tsx";
import { describeRollout } from "./describe-rollout.ts";
import { History } from "./history.tsx";
import { RolloutActions } from "./rollout-actions.tsx";
import { RolloutGuardrails } from "./rollout-guardrails.tsx";
import { Stages } from "./stages.tsx";
import { WhyRolledBack } from "./why-rolled-back.tsx";

const route = getRouteApi("/rollouts/$rolloutId");

/** A release: where it is, what its guardrails say, why it went back. */
export function RolloutPage(): JSX.Element {
  const { rolloutId } = route.useParams();
  const read = useRollout(rolloutId, { refetchInterval: 5_000 });
  const nameOf = useVersionNames(read.data?.agentId);
  return (
    <DetailPage
      read={read}
      kind="Rollout"
      title={({ candidateVersionId, environment }) => `${nameOf(candidateVersionId)} to ${environment}`}
      trail={<Link to="/rollouts">Rollouts</Link>}
      lead={(rollout) => (
        <StateLead tone={ROLLOUT_TONES[rollout.status]} word={humanise(rollout.status)}>
          {describeRollout(rollout)}
        </StateLead>
      )}
      actions={(rollout) => <RolloutActions rollout={rollout} />}
    >
      {(rollout) => <Body rollout={rollout} />}
    </DetailPage>
  );
}

function Body({ rollout }: { rollout: RolloutDetails }): JSX.Element {
  const agentSlug = useAgentSlug(rollout.agentId);
  return (
    <>
      {rollout.status === "rolled_back" ? <WhyRolledBack rollout={rollout} /> : null}
      {rollout.requirements.length === 0 ? null : (
        <Card title="Before it may start">
          <ul className="stack-tight">
            {rollout.requirements.map(({ name, sentence }) => (
              <li key={name} className="row">
                <Badge tone="warn">{/^(regression|safety)_/.test(name) ? "Gate" : "Review"}</Badge>
                <span className="grow">{sentence}</span>
                {/^(regression|safety)_/.test(name) ? null : (
                  <Link
                    to="/agents/$agentSlug/versions/$versionId"
                    params={{ agentSlug, versionId: rollout.candidateVersionId }}
                  >
                    Review the version
                  </Link>
                )}
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Stages rollout={rollout} />
      <RolloutGuardrails rollout={rollout} />
      <VersionGate agentSlug={agentSlug} versionId={rollout.candidateVersionId} />
      <div className="columns">
        <History rollout={rollout} />
        <RolloutFacts rollout={rollout} agentSlug={agentSlug} />
      </div>
    </>
  );
}

function RolloutFacts({ rollout, agentSlug }: { rollout: RolloutDetails; agentSlug: string }): JSX.Element {
  return (
    <Card title="Facts">
      <Facts
        facts={[
          ["Id", <CopyableId key="id" id={rollout.id} />],
          ["Environment", rollout.environment],
          [
            "Candidate",
            <Link
              key="candidate"
              to="/agents/$agentSlug/versions/$versionId"
              params={{ agentSlug, versionId: rollout.candidateVersionId }}
              search={{ against: rollout.baselineVersionId }}
            >
              What it changes
            </Link>,
          ],
          [
            "Baseline",
            <Link
              key="baseline"
              to="/agents/$agentSlug/versions/$versionId"
              params={{ agentSlug, versionId: rollout.baselineVersionId }}
            >
              What it falls back to
            </Link>,
          ],
          [
            "Experiment",
            rollout.experimentId === null ? (
              NOTHING
            ) : (
              <Link
                key="experiment"
                to="/experiments/$experimentId"
                params={{ experimentId: rollout.experimentId }}
              >
                What spoke for it
              </Link>
            ),
          ],
          ["Attempt", `${rollout.attempt}, each test at the level ${percent(rollout.significanceLevel)}`],
          ["Last look", <RelativeTime key="look" time={rollout.evaluatedAt} />],
          ["Started", <RelativeTime key="started" time={rollout.startedAt} />],
          ["Ended", <RelativeTime key="ended" time={rollout.endedAt} />],
        ]}
      />
    </Card>
  );
}
