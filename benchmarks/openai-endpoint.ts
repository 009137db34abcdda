// An OpenAI-compatible endpoint on this machine, to see the demo and a server with LEARNING_MODEL_URL as somebody with such an
// endpoint sees them.
//
//   node --conditions=agent-learning-source benchmarks/openai-endpoint.ts [--model FILE.gguf] [--port 8090] [--flaky 0.02]
//   LEARNING_MODEL_URL=http://127.0.0.1:8090/v1 LEARNING_MODEL=local npm run demo -- --exit
//
// With a GGUF file it answers as that model. Without one it is no language model: it answers with the assistant's turn that follows the
// prompt's most similar user turn, so that the loop can be watched over HTTP in a minute. `--flaky` is the share of requests
// that get 503 with Retry-After, as busy endpoints do.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { parseArgs } from "node:util";
import {
  type ChatMessage,
  createBm25Index,
  createRandom,
  estimatePromptTokens,
  estimateTokens,
  type GenerateRequest,
  type GenerateResult,
  terms,
} from "@agent-learning/learning";
import { ggufModel } from "../packages/server/src/models/gguf/gguf-model.ts";

const { values: options } = parseArgs({
  options: {
    model: { type: "string" },
    port: { type: "string", default: "8090" },
    flaky: { type: "string", default: "0" },
  },
});

interface Completion {
  model?: string;
  messages: ChatMessage[];
  temperature?: number;
  max_tokens?: number;
  stop?: string[];
}

type Answer = (request: GenerateRequest) => Promise<GenerateResult>;

const nearestTurn: Answer = async ({ messages }) => {
  const question = messages.at(-1)?.content ?? "";
  const turns = messages.flatMap(({ role, content }, index) => {
    const reply = messages[index + 1];
    return role === "user" && reply?.role === "assistant" ? [{ content, reply: reply.content }] : [];
  });
  const scores = createBm25Index(turns.map(({ content }) => terms(content))).scoreAll(terms(question));
  let best = 0;
  for (const [index, score] of scores.entries()) if (score > (scores[best] ?? 0)) best = index;
  const text = turns[best]?.reply ?? "I do not know.";
  return {
    text,
    promptTokens: estimatePromptTokens(messages),
    completionTokens: estimateTokens(text),
  };
};

const gguf = options.model === undefined ? undefined : await ggufModel(options.model);
const answer: Answer = gguf === undefined ? nearestTurn : (request) => gguf.generate(request);
const random = createRandom("flaky");
const count = { answered: 0, refused: 0, promptTokens: 0 };

async function readJson(request: IncomingMessage): Promise<Completion> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString("utf8")) as Completion;
}

function send(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

async function complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readJson(request);
  if (random.next() < Number(options.flaky)) {
    count.refused += 1;
    send(response, 503, { error: { message: "busy", type: "server_error" } }, { "retry-after": "1" });
    return;
  }
  const { text, promptTokens, completionTokens } = await answer({
    messages: body.messages,
    temperature: body.temperature ?? 0,
    maxTokens: body.max_tokens ?? 256,
    ...(body.stop === undefined ? {} : { stop: body.stop }),
  });
  count.answered += 1;
  count.promptTokens += promptTokens;
  send(response, 200, {
    id: `chatcmpl-${count.answered}`,
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
}

const server = createServer((request, response) => {
  if (request.method !== "POST" || !request.url?.endsWith("/chat/completions")) {
    send(response, 404, {
      error: { message: "only POST /v1/chat/completions", type: "invalid_request_error" },
    });
    return;
  }
  complete(request, response).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    if (!response.headersSent) send(response, 400, { error: { message, type: "invalid_request_error" } });
  });
});
server.listen(Number(options.port), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${options.port}/v1`);
});
const stop = (): void => {
  console.log(JSON.stringify(count));
  server.close();
  server.closeAllConnections();
  void gguf?.dispose();
};
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
