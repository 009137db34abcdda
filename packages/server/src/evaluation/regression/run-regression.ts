import {
  agentVersionConfig,
  type CaseEvaluator,
  type RegressionReport,
  type RunRegression,
} from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { readServingPointer } from "../../administration/serving/index.ts";
import { requireVersion } from "../../administration/versions/index.ts";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../http/index.ts";
import { createAnswerer, toCandidate } from "../../learning/index.ts";
import { NO_MODEL } from "../../models/create-language-model.ts";
import { type JudgedCase, passes, summariseCases } from "./judge-cases.ts";
import { insertRegressionReport, readActiveCases } from "./store.ts";

/**
 * Answers an agent's cases with a version, and with the one in production beside it, and keeps the report. Opens its own
 * transactions, because answers may take long.
 * @throws ProblemError unprocessable when the version is not the agent's, or needs a model that is not there
 */
export async function runRegression({
  ctx,
  input,
}: {
  ctx: Context;
  input: RunRegression;
}): Promise<RegressionReport> {
  const { agent, candidate, baseline, cases } = await ctx.transact(async (tenant) => {
    const found = await findAgent(tenant, input.agent_id, "body.agent_id");
    const pointer = await readServingPointer(tenant, found.id, "production");
    return {
      agent: found,
      candidate: await requireVersion(tenant, found.id, input.version_id, "body.version_id"),
      baseline:
        pointer === undefined
          ? undefined
          : await requireVersion(tenant, found.id, pointer.version_id, "body.agent_id"),
      cases: await readActiveCases(tenant, found.id),
    };
  });
  const configs = [candidate, baseline].flatMap((version) =>
    version === undefined ? [] : [agentVersionConfig.parse(version.config)],
  );
  const needsModel = configs.some((config) => config.runtime === "model");
  const model = needsModel ? await ctx.services.models.load() : undefined;
  if (needsModel && model === undefined) {
    throw new ProblemError("unprocessable", `The version runs a language model. ${NO_MODEL}`, {
      errors: [{ path: "body.version_id", message: "needs a language model" }],
    });
  }
  const [answer, answerBaseline] = configs.map((config) => createAnswerer(toCandidate(config), model));
  const judged: JudgedCase[] = [];
  for (const one of cases) {
    const kind = (one.evaluator as { kind: CaseEvaluator }).kind;
    const output = (await answer?.(one.input_text)) ?? "";
    const baselineOutput = await answerBaseline?.(one.input_text);
    judged.push({
      id: one.id,
      slice: one.slice,
      isPinned: one.is_pinned,
      expected: one.expected_output,
      output,
      passed: await passes(kind, one.input_text, one.expected_output, output),
      baselinePassed:
        baselineOutput === undefined
          ? null
          : await passes(kind, one.input_text, one.expected_output, baselineOutput),
    });
  }
  const summary = summariseCases(judged);
  const stored = await ctx.transact((tenant) =>
    insertRegressionReport(tenant, {
      agentId: agent.id,
      candidateVersionId: candidate.id,
      baselineVersionId: baseline?.id ?? null,
      verdict: summary.verdict,
      report: summary,
    }),
  );
  return {
    ...summary,
    id: stored.id,
    agent_id: agent.id,
    candidate_version_id: candidate.id,
    baseline_version_id: baseline?.id ?? null,
    created_at: stored.created_at.toISOString(),
  };
}
