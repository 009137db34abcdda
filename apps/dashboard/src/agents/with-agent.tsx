import { Link } from "@tanstack/react-router";
import type { JSX, ReactNode } from "react";
import type { Agent } from "../api/types.ts";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { Page } from "../components/page.tsx";
import { Skeleton, SkeletonText } from "../components/skeleton.tsx";
import { useCurrentAgent } from "./use-current-agent.ts";

/** The body of a page that is about one agent. */
export function WithAgent({
  title,
  children,
}: {
  title: string;
  children: (agent: Agent) => ReactNode;
}): JSX.Element {
  const { agent, agents, error } = useCurrentAgent();
  if (agent !== undefined) return <>{children(agent)}</>;
  return (
    <Page title={title} lead={agents === undefined ? <Skeleton width={320} height={24} /> : undefined}>
      <Card>
        {agents === undefined ? (
          error === null ? (
            <SkeletonText lines={6} />
          ) : (
            <ErrorNote error={error} />
          )
        ) : (
          <EmptyState title="There is no agent yet">
            An agent is what learns. <Link to="/agents">Create the first one</Link>, or start the SDK with its
            slug.
          </EmptyState>
        )}
      </Card>
    </Page>
  );
}
