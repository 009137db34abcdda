import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

export interface Task {
  /** Which scenario. */
  readonly name: string;
  /** Seeds `from`, `from` + 1, ... below `to`: one run each. */
  readonly from: number;
  readonly to: number;
}

/**
 * Runs the seeds of a scenario on several threads. The worker's module answers each task it is sent with its runs, in the order of
 * the seeds: what comes out does not depend on the number of threads.
 */
export async function runInWorkers<Run>(
  worker: URL,
  name: string,
  runs: number,
  threads: number = availableParallelism(),
): Promise<Run[]> {
  const size = Math.max(1, Math.min(500, Math.ceil(runs / threads)));
  const tasks = Array.from({ length: Math.ceil(runs / size) }, (_, i): Task => {
    return { name, from: i * size, to: Math.min(runs, (i + 1) * size) };
  });
  const results: Run[][] = tasks.map(() => []);
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(threads, tasks.length) }, async () => {
      const thread = new Worker(worker);
      try {
        while (next < tasks.length) {
          const index = next++;
          results[index] = await ask<Run[]>(thread, tasks[index] as Task);
        }
      } finally {
        await thread.terminate();
      }
    }),
  );
  return results.flat();
}

async function ask<Answer>(thread: Worker, task: Task): Promise<Answer> {
  return new Promise((resolve, reject) => {
    thread.once("error", reject);
    thread.once("message", (answer: Answer) => {
      thread.off("error", reject);
      resolve(answer);
    });
    thread.postMessage(task, []);
  });
}
