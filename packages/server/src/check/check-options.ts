import { EVALUATION_CHECKS, type EvaluationCheck } from "@agent-learning/contract";
import { CheckUsageError } from "./check-errors.ts";

/** What the command line says, as Commander gives it. */
export interface RawCheckOptions {
  url?: string;
  key?: string;
  agent?: string;
  versionId?: string;
  candidate?: string;
  baseline?: string;
  cases?: string;
  policy?: string;
  command?: string;
  baselineCommand?: string;
  checks: string;
  timeout: string;
  wait: string;
  concurrency: string;
  junit?: string;
  json?: boolean;
}

interface CommonOptions {
  checks: EvaluationCheck[];
  command: string | undefined;
  baselineCommand: string | undefined;
  timeoutMilliseconds: number;
  waitMilliseconds: number;
  concurrency: number;
}

export type CheckOptions = CommonOptions &
  (
    | {
        mode: "server";
        url: string;
        key: string;
        agent: string;
        version: string | undefined;
        candidate: string | undefined;
      }
    | {
        mode: "local";
        candidate: string;
        baseline: string | undefined;
        cases: string;
        policy: string | undefined;
      }
  );

function numberOf(name: string, value: string, [low, high]: readonly [number, number]): number {
  const parsed = Number(value);
  if (value.trim() === "" || !Number.isFinite(parsed) || parsed < low || parsed > high)
    throw new CheckUsageError(
      `--${name} must be a number from ${low} to ${high}, not ${JSON.stringify(value)}.`,
    );
  return parsed;
}

function checksOf(value: string): EvaluationCheck[] {
  const names = value.split(",").map((name) => name.trim());
  const known = EVALUATION_CHECKS.filter((name) => names.includes(name));
  if (known.length === 0 || names.some((name) => !EVALUATION_CHECKS.includes(name as EvaluationCheck)))
    throw new CheckUsageError(`--checks takes ${EVALUATION_CHECKS.join(" and ")}, separated by a comma.`);
  return known;
}

function addressOf(value: string): string {
  if (!/^https?:\/\/[^\s/]+/.test(value))
    throw new CheckUsageError(`--url must begin with http:// or https://, not ${JSON.stringify(value)}.`);
  return value.replace(/\/+$/, "");
}

/** The options of a check, complete and of one kind. @throws CheckUsageError saying which is missing or wrong */
export function readCheckOptions(
  raw: RawCheckOptions,
  environment: Readonly<Record<string, string | undefined>>,
): CheckOptions {
  const common = {
    checks: checksOf(raw.checks),
    command: raw.command,
    baselineCommand: raw.baselineCommand,
    timeoutMilliseconds: numberOf("timeout", raw.timeout, [0.1, 3_600]) * 1000,
    waitMilliseconds: numberOf("wait", raw.wait, [1, 86_400]) * 1000,
    concurrency: Math.floor(numberOf("concurrency", raw.concurrency, [1, 64])),
  };
  const url = raw.url ?? (raw.cases === undefined ? environment["LEARNING_URL"] : undefined);
  if (url !== undefined) {
    if (raw.cases !== undefined || raw.baseline !== undefined || raw.policy !== undefined)
      throw new CheckUsageError(
        "--cases, --baseline and --policy are for a check without a server; leave out --url.",
      );
    const key = raw.key ?? environment["LEARNING_KEY"];
    if (key === undefined || key === "")
      throw new CheckUsageError("A key is needed: set LEARNING_KEY to a secret key, or give --key.");
    if (raw.agent === undefined) throw new CheckUsageError("--agent is needed: the agent's slug or id.");
    if ((raw.versionId === undefined) === (raw.candidate === undefined))
      throw new CheckUsageError(
        "Give either --version-id ID, a version that the server has, or --candidate FILE.",
      );
    if (raw.baselineCommand !== undefined && raw.command === undefined)
      throw new CheckUsageError("--baseline-command goes with --command.");
    return {
      ...common,
      mode: "server",
      url: addressOf(url),
      key,
      agent: raw.agent,
      version: raw.versionId,
      candidate: raw.candidate,
    };
  }
  const { candidate, cases } = raw;
  if (candidate === undefined || cases === undefined)
    throw new CheckUsageError(
      "Say what to check: with a server --url, --agent and --version-id or --candidate; without one --candidate FILE and --cases FILE.",
    );
  if (raw.baselineCommand !== undefined && raw.baseline === undefined)
    throw new CheckUsageError("--baseline-command goes with --baseline FILE, the config that it runs.");
  return { ...common, mode: "local", candidate, baseline: raw.baseline, cases, policy: raw.policy };
}
