import type { QueuePerson, QueueProgress, QueueProgressQuery } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { notFound } from "../../http/index.ts";
import { readQueueRow } from "../annotations/index.ts";
import { readNames } from "../annotators/index.ts";
import { countTasks, readLeases, readPeople } from "./store.ts";

/** Tasks that are counted at most. */
const MOST_TASKS = 100_000;
/** Annotations that are looked at: the newest of the days asked for. */
const MOST_ANNOTATIONS = 50_000;

/**
 * What is left in a queue, who did how much in the last days and how long an annotation takes them.
 * @throws ProblemError not-found
 */
export async function queueProgress({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: QueueProgressQuery & { queueId: string };
}): Promise<QueueProgress> {
  const queue = await readQueueRow(ctx, input.queueId);
  if (queue === undefined) throw notFound("annotation queue", input.queueId, "path.queueId");
  const open = await countTasks(ctx, queue.id, "in_queue", MOST_TASKS + 1);
  const waiting = await countTasks(ctx, queue.id, "waiting", MOST_TASKS);
  const leases = await readLeases(ctx, queue.id, queue.agent_id);
  const active = await readPeople(ctx, queue.id, input.days, MOST_ANNOTATIONS);
  const holders = [...leases.keys()].filter((id) => active.every(({ user_id }) => user_id !== id));
  const names = await readNames(ctx, holders);
  const idle = holders.map((user_id): QueuePerson => ({
    user_id,
    display_name: names.get(user_id) ?? null,
    annotations: 0,
    annotations_per_day: 0,
    approved_share: 0,
    median_seconds: null,
    claimed: 0,
  }));
  const people = [...active, ...idle]
    .map((person) => ({ ...person, claimed: leases.get(person.user_id) ?? 0 }))
    .sort((one, other) => other.annotations - one.annotations || (one.user_id < other.user_id ? -1 : 1));
  const annotations = people.reduce((sum, person) => sum + person.annotations, 0);
  const counted = Math.min(open, MOST_TASKS);
  return {
    queue_id: queue.id,
    open: counted,
    open_is_least: open > MOST_TASKS,
    waiting,
    claimed: [...leases.values()].reduce((sum, count) => sum + count, 0),
    days: input.days,
    annotations,
    days_left: annotations === 0 ? null : ((counted + waiting) * input.days) / annotations,
    people,
  };
}
