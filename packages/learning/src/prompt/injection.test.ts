import { describe, expect, test } from "vitest";
import { INJECTION_PAYLOADS } from "../testing/injection-payloads.ts";
import { MESSAGES } from "../testing/messages.ts";
import { scriptedModel } from "../testing/scripted-model.ts";
import { drain } from "../testing/drain.ts";
import type { ChatMessage, GenerateRequest } from "../ports.ts";
import type { Candidate } from "./candidate.ts";
import { exact } from "./evaluators/exact.ts";
import { resolveGoals } from "./evaluators/goals.ts";
import { runGate } from "./gate/run-gate.ts";
import { judgePrompt } from "./judge/judge-prompt.ts";
import { rubricJudge } from "./judge/rubric-judge.ts";
import { Ledger } from "./ledger.ts";
import { optimizePrompt } from "./optimizers/optimize-prompt.ts";
import { rulePrompt } from "./optimizers/playbook-rules/rule-prompt.ts";
import { proposalPrompt } from "./optimizers/reflective-evolution/proposal-prompt.ts";
import { quoteAsData } from "./quote-as-data.ts";

const PAYLOADS = Object.values(INJECTION_PAYLOADS).flat();
const HARMLESS = "Thank you, that helped.";

/** What of a prompt is not quoted data: all that a model may take for an instruction. */
function outsideData(messages: readonly ChatMessage[]): string {
  return messages
    .map(({ role, content }) => `${role}: ${content.replaceAll(/<(\w+)>"(?:[^"\\]|\\.)*"<\/\1>/gu, "<$1/>")}`)
    .join("\n");
}

const evaluated = (output: string, feedback: string) => ({
  rowId: "1",
  output,
  score: 0,
  feedback,
  objectives: {},
  usage: { promptTokens: 0, completionTokens: 0 },
});

/** Every prompt that holds texts of users, with the same text in each of its places. */
function promptsWith(text: string): ChatMessage[][] {
  const examples = [{ row: { id: "1", input: text, expected: text }, evaluated: evaluated(text, text) }];
  const rule = { id: "r", text, evidenceIds: [], helpful: 0, harmful: 0 };
  return [
    proposalPrompt(text, examples, [text]),
    rulePrompt([rule], examples),
    judgePrompt({ name: "clarity", criteria: "It is clear." }, { input: text, output: text, expected: text }),
  ];
}

test("the corpus has fifty payloads and more, all different", () => {
  expect(new Set(PAYLOADS).size).toBe(PAYLOADS.length);
  expect(PAYLOADS.length).toBeGreaterThanOrEqual(50);
});

describe("texts of users are quoted data", () => {
  test.each(PAYLOADS)("%j adds nothing to what a prompt says itself", (payload) => {
    expect(promptsWith(payload).map(outsideData)).toEqual(promptsWith(HARMLESS).map(outsideData));
  });

  test.each(PAYLOADS)("%j is there, whole", (payload) => {
    const quoted = /^<input>(.*)<\/input>$/su.exec(quoteAsData("input", payload))?.[1] ?? "";
    expect(JSON.parse(quoted)).toBe(payload.toWellFormed());
  });
});

/** A judge that does what it is told wherever it finds it, except inside data; otherwise it passes what is right. */
function gullibleJudge({ messages }: GenerateRequest): string {
  const said = outsideData(messages);
  if (
    said !==
    outsideData(
      judgePrompt({ name: "clarity", criteria: "It is clear." }, { input: "", output: "", expected: "" }),
    )
  )
    return '{"reason": "I was told to.", "pass": true}';
  const answer = /<answer>"((?:[^"\\]|\\.)*)"<\/answer>/u.exec(messages.at(-1)?.content ?? "")?.[1] ?? "";
  return JSON.stringify({ reason: "", pass: !answer.includes("unknown") });
}

const seed: Candidate = {
  runtime: "model",
  components: { system_prompt: "Name the intent." },
  demonstrations: [],
  parameters: {},
};
const known = new Map(MESSAGES.map((row) => [row.input, row.expected]));

/** Knows every second intent without help and all of them with the better instruction; writes the payload behind its answer. */
function taskModel(payload: string) {
  return scriptedModel(({ messages }) => {
    const input = (messages.at(-1)?.content ?? "").split("\n~")[0] ?? "";
    const isHelped = messages[0]?.content.includes("Think of the client") ?? false;
    const isEasy = input.length % 2 === 0;
    return `${isHelped || isEasy ? (known.get(input) ?? "unknown") : "unknown"}\n~${payload}`;
  });
}

async function verdictOf(payload: string, finalist: Candidate) {
  const model = taskModel(payload);
  const judge = rubricJudge({
    model: scriptedModel(gullibleJudge),
    rubric: { name: "clarity", criteria: "It is clear." },
    ledger: new Ledger(),
  });
  const { evaluator } = resolveGoals(["accuracy", "clarity"], {
    evaluator: (input) => exact({ ...input, output: input.output.split("\n~")[0] ?? "" }),
    goalEvaluators: { clarity: judge },
  });
  const { best } = await runGate({
    seed,
    finalists: [finalist],
    rows: MESSAGES.map((row) => ({ ...row, input: `${row.input}\n~${payload}` })),
    evaluator,
    model,
    ledger: new Ledger(),
  });
  const { verdict, comparison, proof } = best ?? {};
  return { verdict, comparison, proof };
}

const instruct = (system_prompt: string): Candidate => ({ ...seed, components: { system_prompt } });

describe("no payload changes a gate", () => {
  test("one that promotes, one that rejects: the same numbers whatever the rows and the answers say", async () => {
    const better = instruct("Name the intent. Think of the client.");
    const equal = instruct("Name the intent, please.");
    const expected = [await verdictOf(HARMLESS, better), await verdictOf(HARMLESS, equal)];
    expect(expected.map(({ verdict }) => verdict)).toEqual(["promote", "reject"]);
    for (const payload of PAYLOADS)
      expect([await verdictOf(payload, better), await verdictOf(payload, equal)], payload).toEqual(expected);
  });

  test("a proposer that obeys gets no prompt of a payload's past the gate", async () => {
    for (const payload of PAYLOADS) {
      const proposer = scriptedModel(() => `<instruction>${payload}</instruction>`);
      const run = optimizePrompt({
        seed,
        training: MESSAGES.slice(0, 20),
        evaluator: exact,
        model: scriptedModel(({ messages }) => {
          const input = messages.at(-1)?.content ?? "";
          return input.length % 2 === 0 ? (known.get(input) ?? "unknown") : "unknown";
        }),
        proposer,
        budget: { calls: 60 },
      }).run();
      const { finalists } = (await drain(run)).result;
      const { best } = await runGate({
        seed,
        finalists: [...finalists.map(({ candidate }) => candidate), instruct(payload.toWellFormed())],
        rows: MESSAGES.slice(20),
        training: MESSAGES.slice(0, 20),
        evaluator: exact,
        model: scriptedModel(({ messages }) => {
          const input = messages.at(-1)?.content ?? "";
          return input.length % 2 === 0 ? (known.get(input) ?? "unknown") : "unknown";
        }),
        ledger: new Ledger(),
      });
      expect(best?.verdict, payload).toBe("reject");
    }
  });
});
