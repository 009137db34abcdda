import type { ChatMessage, Row } from "@agent-learning/learning";
import { wilsonInterval } from "@agent-learning/statistics";
import { ggufModel, type GgufModel } from "../../packages/server/src/models/gguf/gguf-model.ts";

export interface Served {
  /** The base model's GGUF. */
  model: string;
  /** The adapter's; undefined: the base model alone. */
  adapter?: string | undefined;
  threads: number;
}

export interface AdapterScore {
  /** For each row, whether the answer was the label. */
  right: boolean[];
  accuracy: number;
  /** Wilson, 95 %. */
  interval: { lower: number; upper: number };
}

const LONGEST_ANSWER = 16;

async function serve<Result>(
  { model, adapter, threads }: Served,
  use: (served: GgufModel) => Promise<Result>,
): Promise<Result> {
  const served = await ggufModel(model, {
    threads,
    contextSize: 1024,
    ...(adapter === undefined ? {} : { adapterPath: adapter }),
  });
  try {
    return await use(served);
  } finally {
    await served.dispose();
  }
}

/** The answers to prompts, the likeliest token each time. */
export async function answersOf(served: Served, prompts: readonly ChatMessage[][]): Promise<string[]> {
  return await serve(served, async (model) => {
    const answer = async (messages: ChatMessage[]): Promise<string> =>
      (await model.generate({ messages, temperature: 0, maxTokens: LONGEST_ANSWER })).text.trim();
    return await Promise.all(prompts.map(answer));
  });
}

/** How often the answer is the label and nothing else, served as the product serves it. */
export async function scoreAdapter(
  served: Served,
  rows: readonly Row[],
  promptOf: (input: string) => ChatMessage[],
): Promise<AdapterScore> {
  const answers = await answersOf(
    served,
    rows.map(({ input }) => promptOf(input)),
  );
  const right = answers.map((answer, index) => answer === rows[index]?.expected);
  const count = right.filter(Boolean).length;
  return { right, accuracy: count / rows.length, interval: wilsonInterval(count, rows.length) };
}
