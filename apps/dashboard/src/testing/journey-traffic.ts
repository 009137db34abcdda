import { createHash } from "node:crypto";
import { createLearning } from "@agent-learning/sdk";
import type { Api } from "./api.ts";

/** A number in 0 to 1 that follows from the name: the same users behave the same in every run. */
function chance(name: string): number {
  return createHash("sha256").update(name).digest().readUInt32BE(0) / 2 ** 32;
}

interface TrafficOptions {
  url: string;
  key: string;
  machine: Api;
  slug: string;
  directory: string;
  /** Names of users begin with it. */
  prefix: string;
  users: number;
  /** How the users of an arm fare. */
  arm: (arm: string | undefined) => { satisfaction: number; failures: number };
}

/** Users who each ask once, resolved and recorded by the SDK, and who vote. */
export async function sendTraffic(options: TrafficOptions): Promise<void> {
  const { url, key, machine, slug, directory, prefix, users, arm } = options;
  const learning = createLearning({ baseUrl: url, key, agentId: slug, directory });
  try {
    const { revision } = await machine.get<{ revision: number }>(`/agents/${slug}/serving`);
    while ((learning.configuration()?.revision ?? 0) < revision)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const votes: object[] = [];
    for (let index = 0; index < users; index += 1) {
      const user = `${prefix}-${index}`;
      const resolution = learning.resolve(user);
      const { satisfaction, failures } = arm(resolution.split?.arm);
      const failed = chance(`fails ${user}`) < failures;
      learning.record({
        executionId: user,
        inputText: "When is the return due?",
        resolution,
        unitId: user,
        userId: user,
        latencyMs: 100 + 40 * chance(`waits ${user}`),
        ...(failed
          ? { errorType: "ToolTimeout", errorMessage: "the ticket system did not answer" }
          : { outputText: "vat_return_deadline", taskCompleted: true }),
      });
      if (!failed)
        votes.push({
          agent_id: slug,
          execution_id: user,
          user_id: user,
          feedback_type: chance(`likes ${user}`) < satisfaction ? "thumbs_up" : "thumbs_down",
        });
    }
    if (!(await learning.flush({ timeoutMilliseconds: 60_000 })))
      throw new Error("the SDK could not deliver");
    for (let at = 0; at < votes.length; at += 500)
      await machine.post("/feedback/batch", { feedback: votes.slice(at, at + 500) });
  } finally {
    await learning.close();
  }
}
