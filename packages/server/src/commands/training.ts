import type { Command } from "commander";
import type { FineTuningEstimate, TrainingRun } from "@agent-learning/contract";
import type { ServerOptions } from "../training/training-server.ts";
import { JSON_OPTION } from "./json-option.ts";

const HELP = `
LEARNING_URL and LEARNING_KEY stand for --url and --key. A run is started by a person: with a user's key.

Exit codes: 0 done; 1 refused, or the watched run failed or was cancelled; 2 wrong use; 3 the server is away.`;

type Runs = { data: TrainingRun[] };

function command(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option("--url <address>", "the server")
    .option("--key <key>", "a key (better in LEARNING_KEY: other users of the machine see command lines)")
    .option("--json", JSON_OPTION);
}

async function open(options: ServerOptions) {
  const [{ openServer }, print] = await Promise.all([
    import("../training/training-server.ts"),
    import("../training/print-run.ts"),
  ]);
  return { server: openServer(options, process.env), ...print };
}

const pathOf = (run: string, verb = ""): string => `/training-runs/by-id/${encodeURIComponent(run)}${verb}`;

function write(options: ServerOptions, value: unknown, text: string): void {
  process.stdout.write(options.json === true ? `${JSON.stringify(value)}\n` : text);
}

async function watch(run: string, options: ServerOptions): Promise<void> {
  const { server, printEvent, printEnd } = await open(options);
  const { watchRun } = await import("../training/watch-run.ts");
  const ended = await watchRun(server, run, (event, data) => {
    if (options.json === true) process.stdout.write(`${JSON.stringify({ event, ...data })}\n`);
    else process.stdout.write(printEvent(event, data) ?? "");
  });
  write(options, { event: "end", ...ended }, printEnd(ended));
  if (ended.status !== "completed") process.exitCode = 1;
}

/** `training`: fine-tuning and the other ways of learning, at a server. */
export function addTrainingCommand(program: Command): void {
  const training = program
    .command("training")
    .description("list, start, watch, pause, resume and cancel training runs")
    .addHelpText("after", HELP);

  command(training, "list", "an agent's runs, newest first")
    .requiredOption("--agent <agent>", "slug or id of the agent")
    .option(
      "--status <status>",
      "only runs that are pending, running, paused, completed, failed or cancelled",
    )
    .option("--limit <count>", "runs at most", "20")
    .action(async (options: ServerOptions & { agent: string; status?: string; limit: string }) => {
      const { server, printRun } = await open(options);
      const query = new URLSearchParams({ limit: options.limit });
      if (options.status !== undefined) query.set("status", options.status);
      const { data } = await server.ask((api) =>
        api.get<Runs>(`/training-runs/${encodeURIComponent(options.agent)}?${query.toString()}`),
      );
      write(options, data, data.length === 0 ? "The agent has no such run.\n" : data.map(printRun).join(""));
    });

  command(training, "start", "start a drafted run, and say what it will take")
    .argument("<run>", "id of the run")
    .option("--watch", "follow it to its end")
    .action(async (run: string, options: ServerOptions & { watch?: boolean }) => {
      const { server, printEstimate, printEnd } = await open(options);
      const estimate = await server.ask((api) => api.get<FineTuningEstimate>(pathOf(run, "/estimate")));
      if (options.json !== true) process.stdout.write(printEstimate(estimate));
      const started = await server.ask((api) => api.post<TrainingRun>(pathOf(run, "/start"), {}));
      write(options, started, printEnd(started));
      if (options.watch === true) await watch(run, options);
    });

  command(training, "watch", "follow a run: its phases, its loss and its log")
    .argument("<run>", "id of the run")
    .action(watch);

  for (const [verb, description] of [
    ["pause", "pause a running run at its next checkpoint"],
    ["resume", "go on with a paused run"],
    ["cancel", "end a run; the agent stays as it is"],
  ] as const) {
    command(training, verb, description)
      .argument("<run>", "id of the run")
      .action(async (run: string, options: ServerOptions) => {
        const { server } = await open(options);
        const after = await server.ask((api) => api.post<TrainingRun>(pathOf(run, `/${verb}`), {}));
        const where = after.phase ?? after.status;
        const text =
          where === "cancelled" ? "The run is cancelled.\n" : `Asked to ${verb}; the run is ${where}.\n`;
        write(options, after, text);
      });
  }
}
