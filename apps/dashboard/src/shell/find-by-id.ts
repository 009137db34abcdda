import type { LearningClient } from "@agent-learning/react/query";

/** Something that the search can open. */
export interface Found {
  kind: string;
  label: string;
  /** Address within the dashboard. */
  to: string;
}

interface Named {
  name?: string;
  slug?: string;
  inputText?: string;
  executionId?: string;
}

interface Place {
  kind: string;
  /** Below `/api/learning`. */
  ask: string;
  to: string;
}

function places(id: string, agentSlug: string | undefined, isUuid: boolean): Place[] {
  const encoded = encodeURIComponent(id);
  const executions =
    agentSlug === undefined
      ? []
      : [
          {
            kind: "Execution",
            ask: `/executions/${agentSlug}/${encoded}`,
            to: `/executions/${encoded}?agent=${agentSlug}`,
          },
        ];
  if (!isUuid) return executions;
  return [
    ...executions,
    { kind: "Experiment", ask: `/experiments/by-id/${encoded}`, to: `/experiments/${encoded}` },
    { kind: "Rollout", ask: `/rollouts/${encoded}`, to: `/rollouts/${encoded}` },
    { kind: "Training run", ask: `/training-runs/by-id/${encoded}`, to: `/runs/${encoded}` },
    { kind: "Report of the gate", ask: `/evaluation-runs/${encoded}`, to: `/gate/${encoded}` },
    { kind: "Feedback", ask: `/feedback/${encoded}`, to: `/feedback/${encoded}` },
    { kind: "Dataset", ask: `/datasets/by-id/${encoded}`, to: `/datasets/${encoded}` },
    { kind: "Example", ask: `/examples/${encoded}`, to: `/examples/${encoded}` },
    { kind: "Agent", ask: `/agents/${encoded}`, to: `/agents/${encoded}` },
    ...(agentSlug === undefined
      ? []
      : [
          {
            kind: "Version",
            ask: `/agents/${agentSlug}/versions/${encoded}`,
            to: `/agents/${agentSlug}/versions/${encoded}`,
          },
        ]),
  ];
}

/** Asks every kind of thing whether the id is one of it; an id belongs to one. */
export async function findById(
  client: LearningClient,
  options: { id: string; agentSlug: string | undefined; isUuid: boolean; signal: AbortSignal },
): Promise<Found[]> {
  const { id, agentSlug, isUuid, signal } = options;
  const answers = await Promise.all(
    places(id, agentSlug, isUuid).map(async ({ kind, ask, to }): Promise<Found[]> => {
      try {
        const thing = (await client.request<Named>("GET", ask, { signal })) as Named;
        return [{ kind, label: thing.name ?? thing.inputText ?? thing.slug ?? id, to }];
      } catch {
        return [];
      }
    }),
  );
  return answers.flat();
}
