import { setTimeout as sleep } from "node:timers/promises";
import type { TrainingRun } from "@agent-learning/contract";
import { readEvents } from "./read-events.ts";
import { ServerAwayError } from "./training-errors.ts";
import type { TrainingServer } from "./training-server.ts";

const RETRIES = 10;
const PAUSE_MILLISECONDS = 500;

/**
 * Follows a run until it ends or waits for its review. A connection that breaks is made again where it broke.
 * @param onEvent gets each event once
 * @returns the run at its end
 * @throws ServerAwayError when the server stays away
 */
export async function watchRun(
  server: TrainingServer,
  runId: string,
  onEvent: (event: string, data: Record<string, unknown>) => void,
): Promise<TrainingRun> {
  // What is wrong with the run or the key is said at once, and well.
  await server.ask((api) => api.get<TrainingRun>(`/training-runs/by-id/${encodeURIComponent(runId)}`));
  let last = "";
  for (let failures = 0; failures <= RETRIES; failures += 1) {
    try {
      const answer = await fetch(
        `${server.url}/api/learning/training-runs/by-id/${encodeURIComponent(runId)}/events`,
        {
          headers: {
            authorization: `Bearer ${server.key}`,
            ...(last === "" ? {} : { "last-event-id": last }),
          },
        },
      );
      if (!answer.ok || answer.body === null) throw new Error(`the server answered ${answer.status}`);
      for await (const { id, event, data } of readEvents(
        answer.body as unknown as AsyncIterable<Uint8Array>,
      )) {
        if (event === "end") return JSON.parse(data) as TrainingRun;
        if (id !== "") last = id;
        failures = 0;
        onEvent(event, JSON.parse(data) as Record<string, unknown>);
      }
    } catch {
      // The next attempt shows whether it stays so.
    }
    await sleep(PAUSE_MILLISECONDS * Math.min(failures + 1, 6));
  }
  throw new ServerAwayError(`The server at ${server.url} stays away; the run goes on without a watcher.`);
}
