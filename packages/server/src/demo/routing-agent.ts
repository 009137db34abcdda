import type { AgentVersionConfig } from "@agent-learning/contract";
import {
  answerWithModel,
  type Candidate,
  candidateHash,
  createDemonstrationsAgentCache,
  createRandom,
  type LanguageModel,
  renderPrompt,
} from "@agent-learning/learning";
import type { LabelledMessage } from "./split-messages.ts";
import { toCandidate } from "../learning/index.ts";

/** What the agent's tool did to it. */
export class ToolTimeout extends Error {
  override name = "ToolTimeout";
}

export interface RoutedAnswer {
  output: string;
  /**
   * Milliseconds: the look-up of the ticket, and what a language model took when it was first asked. Where the model shares this
   * machine's processor with everything else that the demo does, that is computed from its tokens.
   */
  latencyMs: number;
}

/**
 * What a version's answers depend on: neither a note nor a tool that fails changes them. Kept, because hashing thousands of
 * demonstrations for each request would take longer than the answer.
 */
interface Identity {
  candidate: Candidate;
  hash: string;
}

/** Questions that a model is asked at a time. */
const AT_ONCE = 4;

/** The look-up that every request begins with, simulated: log-normal with this median and sigma. */
export const LOOK_UP = { medianMs: 120, sigma: 0.35 };

/**
 * What an answer takes a model of half a billion parameters on two cores, in milliseconds: the message itself, a token before it,
 * whose state the model keeps, and a token of the answer. As measured, see docs/measurements.md.
 */
export const LOCAL_MODEL = { messageMs: 150, keptTokenMs: 0.06, answerTokenMs: 30 };

/** The demo's agent: routes a message to an intent, as its version says. */
export interface RoutingAgent {
  /** Has the answers to these messages ready: a model answers several at a time faster than one after the other. */
  prepare(
    config: AgentVersionConfig,
    messages: readonly LabelledMessage[],
    onAnswer?: () => void,
  ): Promise<void>;
  /** @throws ToolTimeout for the share `parameters.fault_rate` of users, who are the same each time */
  answer(config: AgentVersionConfig, unit: string, message: string): Promise<RoutedAnswer>;
}

/**
 * The runtime `demonstrations` answers with the built-in nearest-demonstrations agent; `model` with the language model at temperature
 * 0, whose answers to the same prompt are asked for once.
 */
export function createRoutingAgent(
  labels: readonly string[],
  model: LanguageModel | undefined,
): RoutingAgent {
  const agents = createDemonstrationsAgentCache();
  const identities = new WeakMap<AgentVersionConfig, Identity>();
  const known = new Map<string, RoutedAnswer>();
  const identify = (config: AgentVersionConfig): Identity => {
    const found = identities.get(config);
    if (found !== undefined) return found;
    const { fault_rate: _fault, note: _note, ...parameters } = config.parameters;
    const candidate = toCandidate({ ...config, parameters });
    const identity = { candidate, hash: candidateHash(candidate) };
    identities.set(config, identity);
    return identity;
  };
  const compute = async (config: AgentVersionConfig, message: string): Promise<RoutedAnswer> => {
    const { candidate, hash } = identify(config);
    // The built-in agent takes less than a millisecond: measuring that would only tell what else the machine does.
    if (config.runtime === "demonstrations")
      return { output: agents.agentFor(candidate, hash).answer(message).output, latencyMs: 0 };
    if (model === undefined) throw new Error("this version needs a language model");
    const messages = renderPrompt(candidate, message);
    const started = performance.now();
    const { text, usage } = await answerWithModel({
      model,
      candidate,
      messages,
      batchId: hash,
      batchSize: AT_ONCE,
    });
    const latencyMs =
      model.prefill === "dear"
        ? LOCAL_MODEL.messageMs +
          usage.promptTokens * LOCAL_MODEL.keptTokenMs +
          usage.completionTokens * LOCAL_MODEL.answerTokenMs
        : performance.now() - started;
    return { output: nearestLabel(text, labels), latencyMs };
  };
  const recall = async (config: AgentVersionConfig, message: string): Promise<RoutedAnswer> => {
    const key = `${identify(config).hash}:${message}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const answer = await compute(config, message);
    known.set(key, answer);
    return answer;
  };
  return {
    prepare: async (config, messages, onAnswer) => {
      const waiting = config.runtime === "model" ? messages.values() : [].values();
      const work = async (): Promise<void> => {
        for (const { text } of waiting) {
          await recall(config, text);
          onAnswer?.();
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    },
    answer: async (config, unit, message) => {
      failSometimes(config, unit);
      const answer = await recall(config, message);
      return { output: answer.output, latencyMs: answer.latencyMs + lookUpMilliseconds(unit) };
    },
  };
}

function failSometimes(config: AgentVersionConfig, unit: string): void {
  const rate = config.parameters["fault_rate"];
  if (typeof rate === "number" && createRandom(`fault:${unit}`).next() < rate) {
    throw new ToolTimeout("the ticket system did not answer in time");
  }
}

function lookUpMilliseconds(unit: string): number {
  const random = createRandom(`look-up:${unit}`);
  // Box and Muller's transform: one standard normal from two uniforms.
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return LOOK_UP.medianMs * Math.exp(LOOK_UP.sigma * normal);
}

/** The label that a model's answer names; the answer itself where it names none, which is then wrong. */
export function nearestLabel(answer: string, labels: readonly string[]): string {
  const text = answer.trim().toLowerCase();
  const exact = labels.find((label) => label.toLowerCase() === text);
  return exact ?? labels.find((label) => text.includes(label.toLowerCase())) ?? answer.trim().slice(0, 200);
}
