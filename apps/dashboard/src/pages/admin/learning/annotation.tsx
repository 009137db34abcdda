import { useQueue, useQueues } from "@agent-learning/react/query";
import { getRouteApi } from "@tanstack/react-router";
import type { JSX } from "react";
import { Choice, Filter } from "../../../components/field.tsx";
import { useSetSearch } from "../../../components/use-set-search.ts";
import { humanise } from "../../../format/words.ts";
import { EXAMPLE_TYPES } from "../../examples/example-types.ts";
import { AnnotationSitting } from "./annotation/sitting.tsx";

const route = getRouteApi("/admin/learning/annotation");

/** The queue of examples that wait for an expert. */
export function AnnotationPage(): JSX.Element {
  const { type, agent, queue, state } = route.useSearch();
  const set = useSetSearch();
  const { data: queues = [] } = useQueues({ agentId: agent, limit: 100 });
  const named = useQueue(queue ?? "", { enabled: queue !== undefined });
  const ofType = named.data === undefined || named.data.ordering === "type" ? type : undefined;
  return (
    <AnnotationSitting
      // Another queue is another sitting.
      key={queue ?? ""}
      title="Annotation"
      kind="annotation"
      agentId={agent}
      exampleType={ofType}
      queueId={queue}
      guidelines={named.data?.guidelines ?? undefined}
      state={state}
      filter={
        <>
          {queues.length === 0 && queue === undefined ? null : (
            <Choice
              label="Queue"
              value={queue ?? "none"}
              options={[["none", "What no queue took"], ...optionsOf(queues, named.data)]}
              onChange={(value) => set({ queue: value === "none" ? undefined : value })}
            />
          )}
          {/* A queue of another order knows no types. */}
          {named.data === undefined || named.data.ordering === "type" ? (
            <Filter
              label="Type"
              value={type}
              options={EXAMPLE_TYPES.map((one) => [one, humanise(one)] as const)}
              onChange={(value) => set({ type: value })}
            />
          ) : null}
          <Choice
            label="Show"
            value={state ?? "claimable"}
            options={[
              ["claimable", "What waits"],
              ["claimed", "What somebody holds"],
              ["all", "All"],
            ]}
            onChange={(value) => set({ state: value === "claimable" ? undefined : value })}
          />
        </>
      }
    />
  );
}

interface Named {
  id: string;
  name: string;
}

/** The agent's queues, and the chosen one where it is of another agent. */
function optionsOf(queues: readonly Named[], chosen: Named | undefined): (readonly [string, string])[] {
  const all =
    chosen === undefined || queues.some(({ id }) => id === chosen.id) ? queues : [chosen, ...queues];
  return all.map(({ id, name }) => [id, name] as const);
}
