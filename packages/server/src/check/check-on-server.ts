import { setTimeout as sleep } from "node:timers/promises";
import type {
  AgentVersion,
  EvaluationQuestions,
  EvaluationRun,
  EvaluationRunDetails,
  RegressionCase,
} from "@agent-learning/contract";
import { runBounded } from "@agent-learning/learning";
import { type ApiClient, ApiProblem, createApiClient } from "../demo/api-client.ts";
import { type AgentProcess, startAgentProcess } from "./agent-process.ts";
import { CheckUsageError, NoVerdictError } from "./check-errors.ts";
import type { CheckOptions } from "./check-options.ts";
import type { CheckResult } from "./check-result.ts";
import { readCandidateFile } from "./read-candidate-file.ts";

type ServerOptions = Extract<CheckOptions, { mode: "server" }>;
type Agents = Partial<Record<"candidate" | "baseline", AgentProcess>>;

const FIRST_WAIT = 200;
const LONGEST_WAIT = 3_000;
/** Answers sent at once: they may be long, and the server takes so many bytes. */
const BATCH = 50;

/** Says in the check's own terms why the API refused, or that it cannot be reached. */
function explainRefusal(error: unknown, options: ServerOptions): unknown {
  if (error instanceof ApiProblem) {
    return error.status < 500 && error.status !== 429
      ? new CheckUsageError(`The server refused: ${error.message}`)
      : new NoVerdictError(`The server failed: ${error.message}`);
  }
  if (error instanceof SyntaxError)
    return new NoVerdictError(`What answers at ${options.url} is not an Agent Learning server.`);
  if (error instanceof TypeError && error.message === "fetch failed") {
    const cause = error.cause instanceof Error ? error.cause.message : error.message;
    return new NoVerdictError(`The server cannot be reached at ${options.url} (${cause}).`);
  }
  return error;
}

async function versionOf(api: ApiClient, options: ServerOptions): Promise<string> {
  if (options.version !== undefined) return options.version;
  const config = await readCandidateFile(options.candidate ?? "");
  const version = await api.post<AgentVersion>(`/agents/${encodeURIComponent(options.agent)}/versions`, {
    config,
    origin: "import",
    change_summary: "Checked by agent-learning check",
  });
  return version.id;
}

/** Puts what the run waits for to the user's own agent, and submits what it says. */
async function answerQuestions(
  api: ApiClient,
  runId: string,
  agents: Agents,
  concurrency: number,
): Promise<void> {
  const { data } = await api.get<EvaluationQuestions>(`/evaluation-runs/${runId}/questions`);
  const answers = await runBounded({
    items: data,
    concurrency,
    run: async ({ question_id: id, side, attempt, input_text: input, input_context: context }) => {
      const agent = agents[side];
      const answer =
        agent === undefined
          ? { error: "no command answers for this side" }
          : await agent.ask({ id, input, context, attempt });
      return { question_id: id, side, attempt, ...answer };
    },
  });
  for (let from = 0; from < answers.length; from += BATCH)
    await api.post(`/evaluation-runs/${runId}/answers`, { answers: answers.slice(from, from + BATCH) });
}

async function follow(
  api: ApiClient,
  started: EvaluationRun,
  agents: Agents,
  options: ServerOptions,
): Promise<EvaluationRunDetails> {
  const path = `/evaluation-runs/${started.id}`;
  const until = performance.now() + options.waitMilliseconds;
  let wait = FIRST_WAIT;
  for (;;) {
    const run = await api.get<EvaluationRunDetails>(path);
    if (run.status === "completed") return run;
    if (run.status === "failed" || run.status === "cancelled")
      throw new NoVerdictError(`The run ${run.id} ended without a verdict: ${run.error ?? run.status}`);
    if (performance.now() > until)
      throw new NoVerdictError(
        `The run ${run.id} has no verdict after ${options.waitMilliseconds / 1000} s; it goes on. Raise --wait.`,
      );
    if (run.status === "waiting") {
      await answerQuestions(api, run.id, agents, options.concurrency);
      wait = FIRST_WAIT;
    } else {
      await sleep(wait);
      wait = Math.min(LONGEST_WAIT, wait * 1.5);
    }
  }
}

async function inputsOf(api: ApiClient, run: EvaluationRunDetails): Promise<Record<string, string>> {
  const inputs: Record<string, string> = {};
  if (run.regression === null || run.regression.cases.length === 0) return inputs;
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { data: RegressionCase[]; next_cursor: string | null } = await api.get(
      `/regression-cases/${run.agent_id}?limit=200${query}`,
    );
    for (const { id, input_text: input } of page.data) inputs[id] = input;
    cursor = page.next_cursor;
  } while (cursor !== null);
  return inputs;
}

/** Has a server hold a version to its agent's cases; the server answers, or the user's own agent does. */
export async function checkOnServer(options: ServerOptions): Promise<Omit<CheckResult, "seconds">> {
  const api = createApiClient(options.url, options.key);
  const agents: Agents = {};
  const { command, baselineCommand, timeoutMilliseconds } = options;
  try {
    const versionId = await versionOf(api, options);
    const started = await api.post<EvaluationRun>("/evaluation-runs", {
      agent_id: options.agent,
      version_id: versionId,
      checks: options.checks,
      answered_by: command === undefined ? "server" : "caller",
      baseline_answers: baselineCommand === undefined ? "stored" : "submitted",
    });
    if (command !== undefined) agents.candidate = startAgentProcess({ command, timeoutMilliseconds });
    if (baselineCommand !== undefined)
      agents.baseline = startAgentProcess({ command: baselineCommand, timeoutMilliseconds });
    const run = await follow(api, started, agents, options);
    return {
      verdict: run.verdict ?? "inconclusive",
      sentence: run.sentence ?? "",
      agent: options.agent,
      run_id: run.id,
      version_id: run.candidate_version_id,
      regression: run.regression,
      safety: run.safety,
      contributors: run.contributors,
      inputs: await inputsOf(api, run),
    };
  } catch (error) {
    throw explainRefusal(error, options);
  } finally {
    for (const agent of Object.values(agents)) await agent.close();
  }
}
