import type { PromptEvaluator } from "@agent-learning/contract";
import {
  createCaseEvaluator,
  type Embedder,
  embeddingSimilarity,
  type Evaluator,
  jsonFields,
  jsonSchema,
  type LanguageModel,
  type Ledger,
  normalised,
  rememberScores,
  remote,
  rubricJudge,
} from "@agent-learning/learning";
import type { Webhooks } from "../../../outgoing/create-webhooks.ts";

/** What evaluators are made with. */
export interface EvaluatorTools {
  webhooks: Webhooks;
  embedder: Embedder | undefined;
  /** Judges. */
  model: LanguageModel | undefined;
  /** Counts the judge's calls, and ends them. */
  ledger: Ledger;
}

const FAR_AWAY: readonly PromptEvaluator["kind"][] = ["judge", "webhook", "embedding_similarity"];

/**
 * The evaluator that was asked for; one that is far away with a memory.
 * @param name of the goal that it measures
 * @throws Error where what it needs is not configured any more
 */
export function createEvaluator(asked: PromptEvaluator, name: string, tools: EvaluatorTools): Evaluator {
  const evaluator = create(asked, name, tools);
  return FAR_AWAY.includes(asked.kind) ? rememberScores(evaluator) : evaluator;
}

function create(asked: PromptEvaluator, name: string, tools: EvaluatorTools): Evaluator {
  switch (asked.kind) {
    case "json_fields":
      return jsonFields(fieldsOf(asked));
    case "json_schema":
      return jsonSchema({ schema: asked.schema, ...fieldsOf(asked) });
    case "embedding_similarity": {
      if (tools.embedder === undefined) throw new Error("No embedder is configured any more.");
      const { threshold } = asked;
      return embeddingSimilarity({
        embedder: tools.embedder,
        ...(threshold === undefined ? {} : { threshold }),
      });
    }
    case "judge":
      if (tools.model === undefined) throw new Error("No language model is configured any more.");
      return withoutReference(
        rubricJudge({
          model: tools.model,
          rubric: { name, criteria: asked.rubric },
          ledger: tools.ledger,
        }),
      );
    case "preferences":
      // Duels are held instead; what is pinned is right or wrong all the same.
      return normalised;
    case "webhook":
      return remote({
        ask: (question, signal) => tools.webhooks.post(asked.url, question, signal),
        ...(asked.objectives === undefined ? {} : { measures: asked.objectives }),
      });
    default:
      return createCaseEvaluator(asked);
  }
}

function fieldsOf({
  fields,
  weights,
}: Pick<Extract<PromptEvaluator, { kind: "json_fields" }>, "fields" | "weights">): {
  fields?: string[];
  weights?: Record<string, number>;
} {
  return { ...(fields === undefined ? {} : { fields }), ...(weights === undefined ? {} : { weights }) };
}

/** A judge is measured on answers that it sees without a reference, so it judges without one. */
function withoutReference(judge: Evaluator): Evaluator {
  const evaluator: Evaluator = (input) => judge({ ...input, expected: "" });
  return judge.measures === undefined ? evaluator : Object.assign(evaluator, { measures: judge.measures });
}
