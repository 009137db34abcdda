import type { Rollout } from "@agent-learning/contract";
import type { Volume } from "./demo-options.ts";
import type { Traffic } from "./run-traffic.ts";
import type { DemoWorld } from "./world.ts";

const HOURS_PER_LOOK = 1;
/** Of the users outside the canary and its control, so many are recorded. */
export const SAMPLE = 0.02;
const HOURS_AT_MOST = 240;
const ACTIVE = new Set(["pending", "running", "paused"]);

/**
 * Users go on asking while the canary is out; the workers look at it every hour of the moved clock. Ends when the rollout does.
 */
export async function watchRollout(
  world: DemoWorld,
  traffic: Traffic,
  rolloutId: string,
  options: { usersPerHour: Volume["usersPerHour"]; label: string },
): Promise<Rollout> {
  const { lead } = world.people;
  const read = (): Promise<Rollout> => lead.get<Rollout>(`/rollouts/${rolloutId}`);
  let rollout = await read();
  const bar = world.report.bar(options.label, 72);
  for (let hours = 0; ACTIVE.has(rollout.status) && hours < HOURS_AT_MOST; hours += HOURS_PER_LOOK) {
    await traffic.run({
      messages: world.split.later,
      requests: HOURS_PER_LOOK * options.usersPerHour[rollout.stage === 0 ? "canary" : "later"],
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
  if (!ACTIVE.has(rollout.status)) return rollout;
  const held = rollout.why?.reason ?? "";
  world.report.line(`Not decided after ${HOURS_AT_MOST} h, so the lead ends it. ${held}`.trim());
  return lead.post<Rollout>(`/rollouts/${rolloutId}/abort`, { reason: "Not decided within ten days." });
}
