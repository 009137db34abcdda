import type { DatasetSplit, FineTuningMethod, JsonValue } from "@agent-learning/contract";
import { estimateTokens, renderPrompt } from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import { exportDataset } from "../../curation/datasets/index.ts";
import { toCandidate } from "../prompt/to-candidate.ts";
import { datasetOf, type TrainingPlan } from "./backends/backend.ts";
import { embeddingLines } from "./embedding/embedding-lines.ts";

export type TrainingLine = Record<string, JsonValue>;

// `embedding` learns from no dataset.
const FORMAT = { sft: "chat", dpo: "preference", kto: "kto", reward: "preference", grpo: "chat" } as const;

/** Tokens around a message, where the template is not known. */
const PER_TEXT = 8;

/**
 * The rows of a split as the trainer gets them, a dataset's page at a time:
 * embedding `{ query, positive, negatives }`, sft `{ messages }`, dpo and reward `{ prompt, chosen, rejected }`, kto `{ prompt, completion, label }`, grpo `{ prompt }`; a prompt is the
 * messages before the answer where the agent has an instruction, else the input.
 */
export async function* trainingLines(
  ctx: Context,
  plan: TrainingPlan,
  split: DatasetSplit,
): AsyncGenerator<TrainingLine> {
  const { method } = plan.settings;
  if (method === "embedding") {
    yield* embeddingLines(ctx, plan, split);
    return;
  }
  const { chunks } = await exportDataset(ctx, {
    datasetId: datasetOf(plan),
    format: FORMAT[method],
    split,
  });
  const instruction = instructionOf(plan);
  let rest = "";
  for await (const chunk of chunks) {
    const lines = `${rest}${chunk.toString()}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines)
      if (line !== "") yield shape(JSON.parse(line) as TrainingLine, method, instruction);
  }
}

/** What the agent says before each input, without demonstrations: weights are to hold what those show. */
function instructionOf({ base }: TrainingPlan): TrainingLine[] {
  const [first] = renderPrompt({ ...toCandidate(base.config), demonstrations: [] }, "");
  return first?.role === "system" ? [{ role: "system", content: first.content }] : [];
}

function shape(line: TrainingLine, method: FineTuningMethod, instruction: TrainingLine[]): TrainingLine {
  const messages = line["messages"] as TrainingLine[];
  if (method === "sft") return { messages: [...instruction, ...messages] };
  const asked = method === "grpo" ? (messages[0]?.["content"] ?? "") : (line["prompt"] ?? "");
  // A text alone is the user's message.
  const prompt = instruction.length === 0 ? asked : [...instruction, { role: "user", content: asked }];
  return method === "grpo" ? { prompt } : { ...line, prompt };
}

/** Estimated tokens of a row: the longest text that the trainer makes of it. */
export function tokensOf(line: TrainingLine): number {
  const count = (value: JsonValue | undefined): number => {
    if (Array.isArray(value))
      return value.reduce<number>((sum, one) => sum + count((one as TrainingLine)["content"]), 0);
    return typeof value === "string" ? estimateTokens(value) + PER_TEXT : 0;
  };
  if (line["messages"] !== undefined) return count(line["messages"]);
  if (line["query"] !== undefined) {
    // Each text by itself.
    const negatives = (line["negatives"] as JsonValue[] | undefined) ?? [];
    return Math.max(...[line["query"], line["positive"], ...negatives].map(count));
  }
  const answers = [line["chosen"], line["rejected"], line["completion"]].map(count);
  return count(line["prompt"]) + Math.max(...answers);
}

/** What there is to know of a run's rows before it starts. */
export interface RowCounts {
  train: number;
  validation: number;
  test: number;
  /** Of the training and validation rows, those that do not fit into `max_length`. */
  tooLong: number;
  /** Of the training rows that fit. */
  tokens: number;
  preview: TrainingLine[];
}

const PREVIEW = 3;

/** Reads the rows through once; keeps none but the first. */
export async function countRows(ctx: Context, plan: TrainingPlan): Promise<RowCounts> {
  const counts: RowCounts = { train: 0, validation: 0, test: 0, tooLong: 0, tokens: 0, preview: [] };
  for (const split of ["train", "validation"] as const) {
    for await (const line of trainingLines(ctx, plan, split)) {
      const tokens = tokensOf(line);
      if (tokens > plan.hyperparameters.max_length) {
        counts.tooLong += 1;
        continue;
      }
      counts[split] += 1;
      if (split === "validation") continue;
      counts.tokens += tokens;
      if (counts.preview.length < PREVIEW) counts.preview.push(line);
    }
  }
  // An embedder is judged by what it finds for the queries that it did not see.
  if (plan.settings.method === "embedding") return { ...counts, test: counts.validation };
  // Whatever else is trained on, it is judged by its answers.
  const answers = { ...plan, settings: { ...plan.settings, method: "sft" as const } };
  for await (const _ of trainingLines(ctx, answers, "test")) counts.test += 1;
  return counts;
}
