import { createLearning, type Learning } from "@agent-learning/sdk";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  streamText,
  toUIMessageStream,
  type UIMessage,
} from "ai";

let shared: Learning | undefined;

/** One for the process, at the first request: a build has no key. */
function learning(): Learning {
  shared ??= createLearning({
    baseUrl: process.env.LEARNING_URL ?? "http://127.0.0.1:8000",
    key: process.env.LEARNING_KEY ?? "",
    agentId: "my-agent",
  });
  return shared;
}
const provider = createOpenAICompatible({
  name: "model",
  baseURL: process.env.MODEL_URL ?? "http://127.0.0.1:11434/v1",
});

const textOf = (message: UIMessage | undefined): string =>
  message?.parts.map((part) => (part.type === "text" ? part.text : "")).join("") ?? "";

/** Streams an answer. Its message id is the execution's id, so that feedback finds it. */
export async function POST(request: Request): Promise<Response> {
  const { messages } = (await request.json()) as { messages: UIMessage[] };
  const executionId = crypto.randomUUID();
  const started = performance.now();
  const result = streamText({
    model: provider(process.env.MODEL ?? "qwen3"),
    messages: await convertToModelMessages(messages),
    onFinish: ({ text }) => {
      learning().record({
        executionId,
        inputText: textOf(messages.at(-1)),
        outputText: text,
        latencyMs: performance.now() - started,
      });
    },
  });
  return createUIMessageStreamResponse({
    stream: toUIMessageStream({ stream: result.stream, generateMessageId: () => executionId }),
  });
}
