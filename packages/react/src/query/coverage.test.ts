import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { listOperations } from "../../../server/src/testing/api-operations.ts";

// What agents and their servers call (the SDK is theirs), what operators read, and what browsers call in the widget.
const NOT_FOR_HOOKS = [
  "advanceClock",
  "createBrowserToken",
  "createEvaluationRun",
  "createFeedbackToken",
  "diffDatasets",
  "downloadTrainingArtifact",
  "exportDataset",
  "exportEmbeddingData",
  "exportPerson",
  "getAgentMetrics",
  "getHealth",
  "getOpenapi",
  "getProcessMetrics",
  "getReadiness",
  "getRetrievalArtifact",
  "importExamples",
  "listEvaluationQuestions",
  "listFeedbackCategories",
  "recordExecutions",
  "recordRetrievals",
  "reportExposures",
  "reportMetricSource",
  "reportOutcomes",
  "retrieve",
  "rerank",
  "submitEvaluationAnswers",
  "submitFeedbackBatch",
  "watchTrainingRun",
];

/** `GET /experiments/{}` for each address that a query or a hook names. */
function addresses(): Set<string> {
  const found = new Set<string>();
  const own = (path: string): string => path.replaceAll(/\$\{[^}]*\}/g, "{}");
  for (const folder of ["queries", "hooks"]) {
    const here = new URL(`${folder}/`, import.meta.url);
    for (const file of readdirSync(here).filter((name) => !name.includes(".test."))) {
      const text = readFileSync(new URL(file, here), "utf8");
      for (const [, method, path] of text.matchAll(
        /"(POST|PATCH|DELETE|PUT)",\s*(?:path)?[`"](\/[^`"]*)[`"]/g,
      )) {
        found.add(`${method} ${own(path ?? "")}`);
      }
      if (folder === "queries") {
        for (const [, path] of text.matchAll(/(?:"[\w-]+",\s*|address = )(?:path)?[`"](\/[^`"]*)[`"]/g)) {
          found.add(`GET ${own(path ?? "")}`);
        }
      }
    }
  }
  // One hook for four moves.
  for (const move of ["start", "pause", "resume", "abort"]) found.add(`POST /rollouts/{}/${move}`);
  return found;
}

it("has a query or a write for every operation of the API that people use", () => {
  const known = addresses();
  const missing = listOperations().filter(
    ({ method, path, operationId }) =>
      !known.has(`${method} ${path.replace("/api/learning", "").replaceAll(/\{[^}]*\}/g, "{}")}`) &&
      !NOT_FOR_HOOKS.includes(operationId),
  );
  expect(missing.map(({ operationId }) => operationId)).toEqual([]);
});
