import { type AgentPolicy, type AgentVersionConfig, agentPolicy } from "@agent-learning/contract";
import { type GateAnswerer, type LanguageModel, runReleaseGate } from "@agent-learning/learning";
import { readConfig } from "../config.ts";
import { policyForGate, regressionOnWire, safetyOnWire } from "../evaluation/gates/index.ts";
import { createAnswerer, toCandidate } from "../learning/index.ts";
import { createModelProvider, NO_MODEL } from "../models/create-language-model.ts";
import { type AgentProcess, startAgentProcess } from "./agent-process.ts";
import { CheckUsageError, NoVerdictError } from "./check-errors.ts";
import type { CheckOptions } from "./check-options.ts";
import type { CheckResult } from "./check-result.ts";
import { firstIssue, readCandidateFile, readJson } from "./read-candidate-file.ts";
import { readCasesFile } from "./read-cases-file.ts";

type LocalOptions = Extract<CheckOptions, { mode: "local" }>;

async function readPolicy(path: string | undefined): Promise<AgentPolicy> {
  const parsed = agentPolicy.safeParse(path === undefined ? {} : await readJson(path));
  if (!parsed.success) throw new CheckUsageError(`${path ?? "the policy"}: ${firstIssue(parsed.error)}.`);
  return parsed.data;
}

function byProcess(agent: AgentProcess): GateAnswerer {
  return ({ id, input }, attempt) => agent.ask({ id, input, context: {}, attempt });
}

function byConfig(
  config: AgentVersionConfig,
  model: LanguageModel | undefined,
  option: string,
): GateAnswerer {
  const answer = createAnswerer(toCandidate(config), model);
  if (answer === undefined)
    throw new CheckUsageError(
      `The config runs a language model. ${NO_MODEL} Or let your agent answer: ${option}.`,
    );
  return async ({ input }) => ({ output: await answer(input) });
}

/** Holds a config in a file to cases in a file, without a server. */
export async function checkLocally(options: LocalOptions): Promise<Omit<CheckResult, "seconds">> {
  const candidate = await readCandidateFile(options.candidate);
  const baseline = options.baseline === undefined ? undefined : await readCandidateFile(options.baseline);
  const cases = await readCasesFile(options.cases);
  const policy = await readPolicy(options.policy);
  const models = createModelProvider(readConfig().model);
  const agents: AgentProcess[] = [];
  const processOf = (command: string): AgentProcess => {
    const agent = startAgentProcess({ command, timeoutMilliseconds: options.timeoutMilliseconds });
    agents.push(agent);
    return agent;
  };
  try {
    const model = await models.load();
    const answers = (config: AgentVersionConfig, command: string | undefined, option: string): GateAnswerer =>
      command === undefined ? byConfig(config, model, option) : byProcess(processOf(command));
    const steady = [candidate, ...(baseline === undefined ? [] : [baseline])].every(
      ({ runtime }) => runtime === "demonstrations",
    );
    const { report } = await runReleaseGate({
      cases,
      checks: {
        regression: options.checks.includes("regression"),
        safety: options.checks.includes("safety"),
      },
      candidate: { texts: toCandidate(candidate), answer: answers(candidate, options.command, "--command") },
      ...(baseline === undefined
        ? {}
        : {
            baseline: {
              texts: toCandidate(baseline),
              answer: answers(baseline, options.baselineCommand, "--baseline-command"),
            },
          }),
      ...policyForGate(policy),
      repeats: steady && options.command === undefined ? 1 : policy.regression.repeats,
      model,
      judgeSafety: policy.safety.judge,
      concurrency: options.concurrency,
    });
    if (report === undefined) throw new NoVerdictError("Some questions were not answered.");
    const { regression, safety } = report;
    return {
      verdict: report.verdict,
      sentence: report.sentence,
      agent: options.candidate,
      run_id: null,
      version_id: null,
      regression:
        regression === null
          ? null
          : { verdict: regression.verdict, sentence: regression.sentence, ...regressionOnWire(regression) },
      safety:
        safety === null
          ? null
          : { verdict: safety.verdict, sentence: safety.sentence, ...safetyOnWire(safety) },
      contributors: null,
      inputs: Object.fromEntries(cases.map(({ id, input }) => [id, input])),
    };
  } finally {
    for (const agent of agents) await agent.close();
    await models.dispose();
  }
}
