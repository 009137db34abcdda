"use client";
import type { TrainingRun } from "@agent-learning/contract";
import { useEffect, useState } from "react";
import { toCamelCase } from "../../client/case.ts";
import { path } from "../../client/path.ts";
import type { StreamedEvent } from "../../client/read-events.ts";
import { queryKey } from "../queries/define-query.ts";
import { useLearningClient, useLearningQueryClient } from "./use-client.ts";

const RECONNECT_MILLISECONDS = 2_000;
const KEPT_EVENTS = 1_000;

/** A run's newest events as they come (at most 1,000), oldest first. `ended` when the run has. */
export interface TrainingRunEvents {
  events: readonly StreamedEvent[];
  ended: boolean;
}

/** Follows a training run over Server-Sent Events, from where it was when the connection breaks. */
export function useTrainingRunEvents(runId: string, options: { enabled?: boolean } = {}): TrainingRunEvents {
  const client = useLearningClient();
  const queries = useLearningQueryClient();
  const [state, setState] = useState<TrainingRunEvents>({ events: [], ended: false });
  const enabled = options.enabled ?? true;

  useEffect(() => {
    if (!enabled) return undefined;
    const stop = new AbortController();
    const { signal } = stop;
    const address = path`/training-runs/by-id/${runId}`;
    let lastEventId: string | undefined;
    const follow = async (): Promise<boolean> => {
      for await (const event of client.events(`${address}/events`, { lastEventId, signal })) {
        lastEventId = event.id;
        if (event.event === "end") {
          queries.setQueryData(queryKey("training-runs", address), toCamelCase(event.data as TrainingRun));
          return true;
        }
        setState(({ events }) => ({ events: [...events.slice(1 - KEPT_EVENTS), event], ended: false }));
      }
      return false;
    };
    void (async () => {
      setState({ events: [], ended: false });
      while (!signal.aborted) {
        const ended = await follow().catch(() => false);
        if (signal.aborted) return;
        if (ended) return setState(({ events }) => ({ events, ended: true }));
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_MILLISECONDS));
      }
      return undefined;
    })();
    return () => stop.abort();
  }, [client, queries, runId, enabled]);

  return state;
}
