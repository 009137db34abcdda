import { useAnnotationAgreement, useQueues } from "@agent-learning/react/query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { WithAgent } from "../../agents/with-agent.tsx";
import type { Agent, AnnotationAgreement } from "../../api/types.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { EstimatePlot } from "../../components/estimate-plot.tsx";
import { Filter } from "../../components/field.tsx";
import { Page } from "../../components/page.tsx";
import { Skeleton, SkeletonText } from "../../components/skeleton.tsx";
import { useSetSearch } from "../../components/use-set-search.ts";
import { count, decimal, percent, plural } from "../../format/numbers.ts";
import { humanise } from "../../format/words.ts";
import { describeAgreement } from "./describe-agreement.ts";

const route = getRouteApi("/agreement");
/** From here on data are relied on, and from there on tentatively (Krippendorff 2004, section 11.4). */
const RELIABLE = 0.8;

/** How far people who judged the same examples agree: on the decision and on each dimension. */
export function Agreement(): JSX.Element {
  return <WithAgent title="Agreement">{(agent) => <Body agent={agent} />}</WithAgent>;
}

function Body({ agent }: { agent: Agent }): JSX.Element {
  const { queue } = route.useSearch();
  const set = useSetSearch();
  const read = useAnnotationAgreement(agent.slug, { queueId: queue });
  const { data: queues = [] } = useQueues({ agentId: agent.slug, limit: 100 });
  const wanted = agent.policy.training.minAnnotationAgreement;
  const { data, error } = read;
  return (
    <Page
      title="Agreement"
      lead={data === undefined ? <Skeleton width={420} height={24} /> : describeAgreement(data, wanted)}
      actions={
        queues.length === 0 && queue === undefined ? undefined : (
          <Filter
            label="Queue"
            value={queue}
            options={queues.map(({ id, name }) => [id, name] as const)}
            all="All together"
            onChange={(value) => set({ queue: value })}
          />
        )
      }
    >
      {error !== null && data === undefined ? (
        <ErrorNote error={error} retry={() => void read.refetch()} />
      ) : data === undefined ? (
        <Card>
          <SkeletonText lines={8} />
        </Card>
      ) : data.examples === 0 ? (
        <Nothing agent={agent} />
      ) : (
        <Measured agreement={data} queue={queue} wanted={wanted} />
      )}
    </Page>
  );
}

function Nothing({ agent }: { agent: Agent }): JSX.Element {
  return (
    <Card>
      <EmptyState title="Nobody has judged the same example yet">
        {percent(agent.policy.training.doubleAnnotationShare, 0)} of examples are given to a second annotator
        by the{" "}
        <Link to="/agents/$agentSlug" params={{ agentSlug: agent.slug }}>
          agent’s policy
        </Link>
        ; a <Link to="/queues">queue</Link> may ask for more people an example. Once two have judged one,
        their agreement stands here.
      </EmptyState>
    </Card>
  );
}

function Measured({
  agreement,
  queue,
  wanted,
}: {
  agreement: AnnotationAgreement;
  queue: string | undefined;
  wanted: number;
}): JSX.Element {
  const { decision, dimensions, examples, annotations, isSample, warnings } = agreement;
  const ofDimension = ({ examples: n }: { examples: number }): JSX.Element => (
    <Link to="/annotations" search={{ queue }}>
      {plural(n, "example")}
    </Link>
  );
  const rows = ofDimension({ examples });
  return (
    <>
      <Card title="Share of pairs that agree">
        <EstimatePlot
          label="Share of pairs of annotators who agree"
          range={[0, 1]}
          mark={{ at: wanted, name: `wanted of the decision: ${percent(wanted, 0)}` }}
          format={(value) => percent(value, 0)}
          rows={[
            { name: "Decision", estimate: decision.percent, interval: decision.percentInterval, note: rows },
            ...dimensions.map((one) => ({
              name: humanise(one.dimension),
              estimate: one.withinTolerance,
              interval: one.withinInterval,
              note: ofDimension(one),
            })),
          ]}
        />
      </Card>
      <Card title="Agreement beyond what chance gives">
        <EstimatePlot
          label="Agreement of annotators beyond chance"
          range={[-1, 1]}
          mark={{ at: RELIABLE, name: `reliable from ${RELIABLE}` }}
          format={(value) => decimal(value)}
          rows={[
            {
              name: "Decision, Krippendorff’s alpha",
              estimate: decision.krippendorffAlpha,
              interval: decision.alphaInterval,
              note: decision.krippendorffAlpha === null ? "nothing varies" : rows,
            },
            {
              name: "Decision, Gwet’s AC1",
              estimate: decision.gwetAc1,
              interval: null,
              note: "no interval",
            },
            ...dimensions.map((one) => ({
              name: `${humanise(one.dimension)}, alpha`,
              estimate: one.krippendorffAlpha,
              interval: one.alphaInterval,
              note: one.krippendorffAlpha === null ? "nothing varies" : ofDimension(one),
            })),
          ]}
        />
      </Card>
      {warnings.length === 0 ? null : (
        <Card title="What to mind">
          <ul className="stack-tight">
            {warnings.map((warning) => (
              <li key={warning}>
                <Badge tone="warn">Low</Badge> {warning}
              </li>
            ))}
          </ul>
        </Card>
      )}
      <p className="small faint">
        {isSample ? "From the newest" : "From all"}{" "}
        <Link to="/annotations" search={{ queue }}>
          {count(annotations)} annotations
        </Link>{" "}
        of examples that two people or more judged independently. Where they decided differently, a reviewer{" "}
        <Link to="/adjudication">settles it</Link>. Scores agree where they differ by 0.15 at most. Bars are
        95 % intervals; alpha and AC1 are 1 where all agree and 0 where agreement is what chance gives.
      </p>
    </>
  );
}
