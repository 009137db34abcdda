import {
  type ChatMessage,
  type LanguageModel,
  renderPrompt,
  type Row,
  runBounded,
} from "@agent-learning/learning";
import { ggufModel } from "../../packages/server/src/models/gguf/gguf-model.ts";
import { demonstrationsOf, seedCandidate } from "./candidates.ts";

export interface PrefixTiming {
  "": string;
  requests: number;
  "ms a request": number;
  "CPU ms a request": number;
  "prompt tokens": number;
  "evaluated tokens": number;
}

interface Plan {
  name: string;
  parallel: number;
  requests: number;
  /** Puts something of its own before each prompt, so that no state can be used again. */
  unshared: boolean;
}

/** Milliseconds for a request over one prefix of 40 demonstrations, with the prefix kept and with everything evaluated again. */
export async function measurePrefix(options: {
  path: string;
  threads: number;
  training: readonly Row[];
  test: readonly Row[];
}): Promise<PrefixTiming[]> {
  const { path, threads, training, test } = options;
  const plans: Plan[] = [
    { name: "prefix kept, 4 at a time", parallel: 4, requests: test.length, unshared: false },
    { name: "prefix kept, one at a time", parallel: 1, requests: test.length, unshared: false },
    { name: "all evaluated again", parallel: 1, requests: Math.min(10, test.length), unshared: true },
  ];
  const candidate = { ...seedCandidate(), demonstrations: demonstrationsOf(training.slice(0, 40)) };
  const timings: PrefixTiming[] = [];
  const answers = new Map<number, string>();
  for (const { name, parallel, requests, unshared } of plans) {
    const model = await ggufModel(path, { threads, parallel });
    try {
      const prompts = test.slice(0, requests).map(({ input }, index) => {
        const messages = renderPrompt(candidate, input);
        return unshared ? withOwnStart(messages, index) : messages;
      });
      // The first evaluation of the prefix, and of the file's pages, is not part of a request.
      await ask(model, prompts[0] ?? []);
      const { evaluatedTokens, promptTokens } = model.statistics;
      const cpu = process.cpuUsage();
      const started = performance.now();
      await runBounded({
        items: prompts,
        concurrency: parallel,
        run: async (prompt, index) => {
          const text = await ask(model, prompt);
          if (!unshared) noteDifference(answers, index, text);
        },
      });
      const elapsed = performance.now() - started;
      const { user, system } = process.cpuUsage(cpu);
      timings.push({
        "": name,
        requests,
        "ms a request": Math.round(elapsed / requests),
        "CPU ms a request": Math.round((user + system) / 1000 / requests),
        "prompt tokens": Math.round((model.statistics.promptTokens - promptTokens) / requests),
        "evaluated tokens": Math.round((model.statistics.evaluatedTokens - evaluatedTokens) / requests),
      });
    } finally {
      await model.dispose();
    }
  }
  return timings;
}

async function ask(model: LanguageModel, messages: readonly ChatMessage[]): Promise<string> {
  return (await model.generate({ messages, temperature: 0, maxTokens: 16 })).text;
}

function withOwnStart([system, ...others]: readonly ChatMessage[], index: number): ChatMessage[] {
  return [{ role: "system", content: `${index}. ${system?.content ?? ""}` }, ...others];
}

function noteDifference(answers: Map<number, string>, index: number, text: string): void {
  const before = answers.get(index);
  if (before !== undefined && before !== text) {
    console.log(`Request ${index} was answered ${JSON.stringify(before)} and then ${JSON.stringify(text)}.`);
  }
  answers.set(index, text);
}
