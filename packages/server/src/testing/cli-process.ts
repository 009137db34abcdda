import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** How a run of the command line ended. */
export interface CliResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A command that runs on: a server or a worker. */
export interface CliProcess {
  readonly pid: number;
  /** The line that it announced itself with, as JSON. */
  readonly announced: { url?: string; role: string; admin_key?: string };
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<CliResult>;
}

type Environment = Readonly<Record<string, string>>;

// Nothing of the developer's own settings reaches the process.
function start(
  args: readonly string[],
  environment: Environment,
): { child: ChildProcess; ended: Promise<CliResult> } {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(LEARNING_|PORT$|HOST$|DATABASE_URL$|NODE_OPTIONS$|VITEST)/.test(name),
  );
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...Object.fromEntries(own), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const ended = once(child, "close").then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    ...output,
  }));
  return { child, ended };
}

/** Runs a command to its end. */
export function runCli(args: readonly string[], environment: Environment = {}): Promise<CliResult> {
  return start(args, environment).ended;
}

/** Starts a command with `--json` and waits until it has announced itself; throws with its output when it ends before. */
export async function startCli(args: readonly string[], environment: Environment): Promise<CliProcess> {
  const { child, ended } = start([...args, "--json"], environment);
  const announced = new Promise<CliProcess["announced"]>((resolve) => {
    let text = "";
    child.stdout?.on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\n")) resolve(JSON.parse(text) as CliProcess["announced"]);
    });
  });
  const early = ended.then((result): never => {
    throw new Error(`it ended with ${result.code}: ${result.stderr}`);
  });
  early.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    announced: await Promise.race([announced, early]),
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
