import { describe, expect, test } from "vitest";
import { drain } from "../testing/drain.ts";
import { MESSAGES } from "../testing/messages.ts";
import { imitatingModel, scriptedModel } from "../testing/scripted-model.ts";
import { exact } from "../prompt/evaluators/exact.ts";
import { optimizePrompt } from "../prompt/optimizers/optimize-prompt.ts";
import type { LanguageModel } from "../ports.ts";
import { NotRecorded, recordModel, replayModel } from "./recorded-model.ts";

const ask = (content: string, temperature = 0) => ({
  messages: [{ role: "user" as const, content }],
  temperature,
  maxTokens: 9,
});

describe("a recording", () => {
  test("gives each request its own answers, in order, and the last one again", async () => {
    const recorder = recordModel(scriptedModel((_request, call) => `answer ${call}`));
    await recorder.generate(ask("a", 1));
    await recorder.generate(ask("b"));
    await recorder.generate(ask("a", 1));
    const replay = replayModel(JSON.parse(JSON.stringify(recorder.recording)) as typeof recorder.recording);
    const texts = [];
    for (const request of [ask("a", 1), ask("a", 1), ask("a", 1), ask("b")])
      texts.push((await replay.generate(request)).text);
    expect(texts).toEqual(["answer 1", "answer 3", "answer 3", "answer 2"]);
  });

  test("says which call it lacks; a failed one is none", async () => {
    const broken = recordModel(scriptedModel(() => Promise.reject(new Error("away"))));
    await expect(broken.generate(ask("a"))).rejects.toThrow("away");
    expect(broken.recording).toEqual([]);
    const missing = replayModel([]).generate(ask("Where is my card?"));
    await expect(missing).rejects.toThrow(NotRecorded);
    await expect(missing).rejects.toThrow("Where is my card?");
  });

  test("of a whole optimisation ends where it ended, without a call", async () => {
    const optimise = async (model: LanguageModel) => {
      const { result } = await drain(
        optimizePrompt({
          seed: {
            runtime: "model",
            components: { system_prompt: "Name the intent." },
            demonstrations: [],
            parameters: {},
          },
          training: MESSAGES,
          evaluator: exact,
          model,
          proposer: model,
          budget: { calls: 120 },
        }).run(),
      );
      return result;
    };
    const recorder = recordModel(imitatingModel());
    const result = await optimise(recorder);
    expect(await optimise(replayModel(recorder.recording))).toEqual(result);
    expect(result.finalists.length).toBeGreaterThan(0);
  });
});
