import { setTimeout as sleep } from "node:timers/promises";
import type { AgentVersionConfig, ServingConfiguration, SubmitFeedback } from "@agent-learning/contract";
import type { Learning } from "@agent-learning/sdk";
import type { RoutingAgent } from "./routing-agent.ts";
import { reactTo } from "./simulated-user.ts";
import type { LabelledMessage } from "./split-messages.ts";
import type { DemoWorld } from "./world.ts";

export interface Traffic {
  /** Runs through the same users and messages for the same seed. */
  run(options: {
    messages: readonly LabelledMessage[];
    requests: number;
    label?: string;
    /** Share of the requests outside a split that are recorded; all unless said. */
    sample?: number;
  }): Promise<{ answered: number; failed: number }>;
}

const FLUSH_EVERY = 500;
const FLUSH_MILLISECONDS = 60_000;
const LOOK_MILLISECONDS = 20;

/**
 * Users who ask one question each, as the agent meets them in production: resolve, answer, record; then perhaps a vote or a
 * correction. Executions reach the server through the SDK.
 */
export function createTraffic(world: DemoWorld, learning: Learning, agent: RoutingAgent): Traffic {
  let users = 0;
  const random = world.random.fork("traffic");
  const sampling = { rate: 1 };
  // Votes reach the server from the application that shows the answers, after the agent's own records: what arrives first must not
  // depend on the network.
  let reactions: SubmitFeedback[] = [];
  const deliver = async (): Promise<void> => {
    const delivered = await learning.flush({ timeoutMilliseconds: FLUSH_MILLISECONDS });
    if (!delivered) throw new Error("the SDK could not deliver what the agent recorded; see the lines above");
    if (reactions.length > 0) await world.people.engineer.post("/feedback/batch", { feedback: reactions });
    reactions = [];
  };
  // Who is in which arm must not depend on how soon the SDK heard of a change.
  const awaitConfiguration = async (): Promise<void> => {
    const { revision } = await world.people.engineer.get<ServingConfiguration>(
      `/agents/${world.agent.slug}/serving`,
    );
    while ((learning.configuration()?.revision ?? 0) < revision) await sleep(LOOK_MILLISECONDS);
  };
  const prepareAnswers = async (messages: readonly LabelledMessage[]): Promise<void> => {
    for (const { config } of learning.configuration()?.versions.values() ?? [])
      await agent.prepare(config as unknown as AgentVersionConfig, messages);
  };
  const serveOne = async (message: LabelledMessage): Promise<boolean> => {
    users += 1;
    const unit = `user-${users}`;
    const resolution = learning.resolve(unit);
    if (resolution.version === null)
      throw new Error(`the SDK knows no version to run (${resolution.reason})`);
    // Outside a split nothing is compared: of those users a sample is recorded, as many agents do.
    const recorded =
      resolution.split !== null ||
      sampling.rate === 1 ||
      random.fork(`sample:${unit}`).next() < sampling.rate;
    const execution = {
      executionId: `request-${users}`,
      inputText: message.text,
      resolution,
      unitId: unit,
      sessionId: `session-${users}`,
      userId: unit,
    };
    try {
      const { output, latencyMs } = await agent.answer(
        resolution.version.config as unknown as AgentVersionConfig,
        unit,
        message.text,
      );
      if (!recorded) return true;
      learning.record({ ...execution, outputText: output, latencyMs, taskCompleted: true });
      react(unit, `request-${users}`, output, message);
      return true;
    } catch (error) {
      if (!recorded) return false;
      learning.record({
        ...execution,
        errorType: (error as Error).name,
        errorMessage: (error as Error).message,
        taskCompleted: false,
      });
      return false;
    }
  };
  const react = (userId: string, executionId: string, output: string, message: LabelledMessage): void => {
    const reaction = reactTo(output, message.category, world.split.labels, random.fork(userId));
    if (reaction === undefined) return;
    const { vote, correction } = reaction;
    reactions.push({
      agent_id: world.agent.slug,
      execution_id: executionId,
      user_id: userId,
      ...(correction === undefined
        ? { feedback_type: vote }
        : { feedback_type: "correction", correction_text: correction, rating: 1 }),
    });
  };
  return {
    run: async ({ messages, requests, label, sample = 1 }) => {
      sampling.rate = sample;
      await awaitConfiguration();
      await prepareAnswers(messages);
      const bar = label === undefined ? undefined : world.report.bar(label, requests);
      const order = random.fork(`order-${users}`);
      let answered = 0;
      for (let index = 0; index < requests; index += 1) {
        const message = messages[Math.floor(order.next() * messages.length)];
        if (message === undefined) throw new Error("there are no messages to send");
        if (await serveOne(message)) answered += 1;
        bar?.tick();
        if ((index + 1) % FLUSH_EVERY === 0) await deliver();
      }
      await deliver();
      bar?.done();
      return { answered, failed: requests - answered };
    },
  };
}
