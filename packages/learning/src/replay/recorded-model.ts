import { contentHash } from "../json.ts";
import type { GenerateRequest, GenerateResult, LanguageModel } from "../ports.ts";

/** One call as it was made. JSON. */
export interface RecordedCall {
  /** SHA-256 of what decides the answer: messages, temperature, longest answer, stops. */
  key: string;
  /** The last message's beginning, for people who look for a call. */
  about: string;
  result: GenerateResult;
}

const LONGEST_ABOUT = 80;

function keyOf({ messages, temperature, maxTokens, stop = [] }: GenerateRequest): string {
  return contentHash({ messages, temperature, maxTokens, stop });
}

function aboutOf({ messages }: GenerateRequest): string {
  return (messages.at(-1)?.content ?? "").slice(0, LONGEST_ABOUT).toWellFormed();
}

/** The model, and every call that it answered, in the order of the answers. Failed calls are not recorded. */
export function recordModel(
  model: LanguageModel,
): LanguageModel & { readonly recording: readonly RecordedCall[] } {
  const recording: RecordedCall[] = [];
  return {
    ...(model.prefill === undefined ? {} : { prefill: model.prefill }),
    recording,
    generate: async (request) => {
      const result = await model.generate(request);
      recording.push({ key: keyOf(request), about: aboutOf(request), result });
      return result;
    },
  };
}

/** A call that was never recorded: the prompt changed since, and the recording has to be made anew. */
export class NotRecorded extends Error {
  constructor(about: string) {
    super(`No call like this was recorded: ${JSON.stringify(about)}. Record it anew.`);
    this.name = "NotRecorded";
  }

  static isInstance(error: unknown): error is NotRecorded {
    return error instanceof Error && error.name === "NotRecorded";
  }
}

/**
 * Answers from a recording, asking nobody. The same request gets its answers in the order of the recording, the last one again when
 * there are no more. Rejects with `NotRecorded` for another one, and with the signal's reason.
 */
export function replayModel(recording: readonly RecordedCall[]): LanguageModel {
  const answers = Map.groupBy(recording, ({ key }) => key);
  const asked = new Map<string, number>();
  return {
    generate: async (request) => {
      request.signal?.throwIfAborted();
      const key = keyOf(request);
      const known = answers.get(key);
      if (known === undefined) throw new NotRecorded(aboutOf(request));
      const times = asked.get(key) ?? 0;
      asked.set(key, times + 1);
      const call = known[Math.min(times, known.length - 1)] as RecordedCall;
      return { ...call.result };
    },
  };
}
