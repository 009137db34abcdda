import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BudgetExhausted, type ChatMessage, type LanguageModel } from "@agent-learning/learning";

/** What was asked through the proxy since the last reset. */
export interface Counted {
  calls: number;
  failedCalls: number;
  refusedCalls: number;
  promptTokens: number;
  completionTokens: number;
}

/**
 * Counts what an optimiser asks, whichever it is and whatever it says it asked, and ends it at the budget: ours in this process, any
 * other over HTTP, as an OpenAI-compatible endpoint.
 */
export interface CountingProxy {
  model: LanguageModel;
  readonly counted: Counted;
  /** Starts counting anew. `calls` undefined: no limit. */
  reset(calls?: number): void;
  /** @returns the base URL */
  listen(): Promise<string>;
  close(): Promise<void>;
}

interface Completion {
  model?: string;
  messages: ChatMessage[];
  temperature?: number;
  max_tokens?: number;
  max_completion_tokens?: number;
  stop?: string | string[];
}

const none = (): Counted => ({
  calls: 0,
  failedCalls: 0,
  refusedCalls: 0,
  promptTokens: 0,
  completionTokens: 0,
});

export function createCountingProxy(upstream: LanguageModel): CountingProxy {
  let counted = none();
  let budget: number | undefined;
  let server: Server | undefined;

  const model: LanguageModel = {
    ...(upstream.prefill === undefined ? {} : { prefill: upstream.prefill }),
    generate: async (request) => {
      if (budget !== undefined && counted.calls >= budget) {
        counted.refusedCalls += 1;
        throw new BudgetExhausted("calls", budget);
      }
      // Counted before it is answered: calls under way at the same time must not pass the budget.
      const mine = counted;
      mine.calls += 1;
      try {
        const answer = await upstream.generate(request);
        mine.promptTokens += answer.promptTokens;
        mine.completionTokens += answer.completionTokens;
        return answer;
      } catch (error) {
        mine.failedCalls += 1;
        throw error;
      }
    },
  };

  const complete = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readJson(request);
    const stop = typeof body.stop === "string" ? [body.stop] : body.stop;
    const { text, promptTokens, completionTokens } = await model.generate({
      messages: body.messages.map(({ role, content }) => ({ role, content: textOf(content) })),
      temperature: body.temperature ?? 0,
      maxTokens: body.max_tokens ?? body.max_completion_tokens ?? 256,
      ...(stop === undefined ? {} : { stop }),
    });
    send(response, 200, {
      id: `chatcmpl-${counted.calls}`,
      object: "chat.completion",
      created: Math.floor(Date.now() / 1_000),
      model: body.model ?? "local",
      choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
      usage: {
        prompt_tokens: promptTokens,
        completion_tokens: completionTokens,
        total_tokens: promptTokens + completionTokens,
      },
    });
  };

  return {
    model,
    get counted() {
      return { ...counted };
    },
    reset: (calls) => {
      counted = none();
      budget = calls;
    },
    listen: async () => {
      const listening = createServer((request, response) => {
        if (request.method !== "POST" || !request.url?.endsWith("/chat/completions"))
          return send(response, 404, { error: { message: "only POST /v1/chat/completions" } });
        complete(request, response).catch((error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          // No client tries a 402 again.
          send(response, BudgetExhausted.isInstance(error) ? 402 : 500, { error: { message } });
        });
      });
      server = listening;
      await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
      return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/v1`;
    },
    close: async () => {
      server?.closeAllConnections();
      await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    },
  };
}

async function readJson(request: IncomingMessage): Promise<Completion> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString("utf8")) as Completion;
}

/** Some clients send a list of parts. */
function textOf(content: unknown): string {
  if (!Array.isArray(content)) return String(content);
  return content.map((part: { text?: unknown }) => (typeof part.text === "string" ? part.text : "")).join("");
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
