import { useAnnotatorTrust } from "@agent-learning/react/query";
import type { JSX } from "react";
import { WithAgent } from "../../agents/with-agent.tsx";
import type { Agent } from "../../api/types.ts";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Page } from "../../components/page.tsx";
import { Skeleton, SkeletonText } from "../../components/skeleton.tsx";
import { useMay } from "../../session/session-context.ts";
import { describeTrust } from "./describe-trust.ts";
import { Gold } from "./gold.tsx";
import { HeldBack } from "./held-back.tsx";
import { People } from "./people.tsx";

/** How far each annotator can be relied on, the known answers that measure it, and what end users sent that is held back. */
export function Annotators(): JSX.Element {
  return <WithAgent title="Annotators">{(agent) => <Body agent={agent} />}</WithAgent>;
}

function Body({ agent }: { agent: Agent }): JSX.Element {
  const may = useMay("reviewer");
  const read = useAnnotatorTrust(agent.slug, { enabled: may });
  const { data, error } = read;
  if (!may)
    return (
      <Page title="Annotators" lead="Reviewers see how far each annotator can be relied on.">
        <Card>
          <EmptyState title="Your role does not see this">
            Whoever may be measured must not read the known answers. Ask a reviewer.
          </EmptyState>
        </Card>
      </Page>
    );
  return (
    <Page
      title="Annotators"
      lead={data === undefined ? <Skeleton width={420} height={24} /> : describeTrust(data)}
    >
      <Card title="How far each can be relied on">
        {error !== null && data === undefined ? (
          <ErrorNote error={error} retry={() => void read.refetch()} />
        ) : data === undefined ? (
          <SkeletonText lines={5} />
        ) : (
          <People report={data} agentSlug={agent.slug} />
        )}
      </Card>
      <div className="columns">
        <Gold agent={agent} />
        <HeldBack agent={agent} />
      </div>
    </Page>
  );
}
