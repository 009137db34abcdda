import type { Rollout } from "@agent-learning/contract";
import type { Traffic } from "./run-traffic.ts";
import type { DemoWorld } from "./world.ts";

const HOURS_PER_LOOK = 2;
/** Of the users outside the canary and its control, so many are recorded. */
export const SAMPLE = 0.1;
/** From 25 % on a fraction of the users tells as much. */
const LATER_STAGES = 4;
const HOURS_AT_MOST = 240;
const ACTIVE = new Set(["pending", "running", "paused"]);

/**
 * Users go on asking while the canary is out; the workers look at it every two hours of the moved clock. Ends when the rollout does.
 */
export async function watchRollout(
  world: DemoWorld,
  traffic: Traffic,
  rolloutId: string,
  options: { usersPerLook: number; label: string },
): Promise<Rollout> {
  const { lead } = world.people;
  const read = (): Promise<Rollout> => lead.get<Rollout>(`/rollouts/${rolloutId}`);
  let rollout = await read();
  const bar = world.report.bar(options.label, 72);
  for (let hours = 0; ACTIVE.has(rollout.status) && hours < HOURS_AT_MOST; hours += HOURS_PER_LOOK) {
    await traffic.run({
      messages: world.split.later,
      requests: rollout.stage === 0 ? options.usersPerLook : Math.ceil(options.usersPerLook / LATER_STAGES),
      sample: SAMPLE,
    });
    await world.advance(HOURS_PER_LOOK);
    const before = rollout;
    rollout = await read();
    bar.tick(HOURS_PER_LOOK);
    if (rollout.stage !== before.stage && rollout.status === "running") {
      world.report.line(`hour ${hours + HOURS_PER_LOOK}: ${Math.round(rollout.share * 100)} % of users`);
    }
  }
  bar.done();
  return rollout;
}
