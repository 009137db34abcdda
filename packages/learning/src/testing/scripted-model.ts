import type { GenerateRequest, GenerateResult, LanguageModel } from "../ports.ts";
import { terms } from "../text/tokenise.ts";

export interface ScriptedModel extends LanguageModel {
  requests: GenerateRequest[];
}

/** A model that answers by a function; counts a token for each word. `delay` in milliseconds varies with the request. */
export function scriptedModel(
  answer: (request: GenerateRequest, call: number) => string | Promise<string>,
  { delay = 0 }: { delay?: number } = {},
): ScriptedModel {
  const requests: GenerateRequest[] = [];
  return {
    requests,
    async generate(request: GenerateRequest): Promise<GenerateResult> {
      requests.push(request);
      const call = requests.length;
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, ((call * 7) % 3) * delay));
      request.signal?.throwIfAborted();
      const text = await answer(request, call);
      return {
        text,
        promptTokens: countWords(request.messages.map((message) => message.content).join(" ")),
        completionTokens: countWords(text),
        cost: 0.001,
      };
    },
  };
}

/**
 * Stands in for a small language model: answers with the output of the shown demonstration that shares most terms with
 * the input, and when the system message says "think" also knows one intent without any demonstration.
 */
export function imitatingModel(): ScriptedModel {
  return scriptedModel(({ messages }) => {
    const input = new Set(terms(messages.at(-1)?.content ?? ""));
    let best = "unknown";
    let most = 0;
    for (let index = 0; index + 1 < messages.length - 1; index += 1) {
      const message = messages[index];
      if (message?.role !== "user") continue;
      const shared = terms(message.content).filter((term) => input.has(term)).length;
      if (shared > most) {
        most = shared;
        best = messages[index + 1]?.content ?? "unknown";
      }
    }
    if (messages[0]?.role === "system" && messages[0].content.includes("think") && input.has("vat")) {
      return "vat_return";
    }
    return best;
  });
}

function countWords(text: string): number {
  return text.split(/\s+/u).filter(Boolean).length;
}
