import { writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import type { Command } from "commander";
import { CheckUsageError } from "../check/check-errors.ts";
import type { RawCheckOptions } from "../check/check-options.ts";
import { JSON_OPTION } from "./json-option.ts";

const HELP = `
With a server, the version is held to the agent's cases there. The server answers for it where it can; with --command your own agent
answers: it gets {"id","input","context","attempt"} as JSON lines on standard input and writes {"id","output"} or {"id","error"} as
JSON lines on standard output, in any order.

Without a server, --candidate FILE (a version's config as JSON) is held to --cases FILE (JSON lines: input, expected, and if you
like evaluator, slices, pinned, id).

Exit codes: 0 passed; 1 did not pass; 2 wrong use; 3 no verdict (the server is away, the run failed, or --wait is over).
LEARNING_URL and LEARNING_KEY stand for --url and --key.`;

/** `check`: the release gate in a user's own CI. */
export function addCheckCommand(program: Command): void {
  program
    .command("check")
    .description("hold a version to its agent's regression cases and to the safety checks")
    .option("--url <address>", "the server; without it, check files alone")
    .option(
      "--key <key>",
      "a secret key (better in LEARNING_KEY: other users of the machine see command lines)",
    )
    .option("--agent <agent>", "slug or id of the agent")
    .option("--version-id <id>", "a version that the server has")
    .option("--candidate <file>", "config of the version as JSON")
    .option("--baseline <file>", "without a server: config to compare with")
    .option("--cases <file>", "without a server: cases as JSON lines")
    .option("--policy <file>", "without a server: the agent's policy as JSON (regression and safety)")
    .option("--command <command>", "your own agent: answers for the candidate")
    .option("--baseline-command <command>", "your own agent as it is in production")
    .option("--checks <names>", "regression, safety or both", "regression,safety")
    .option("--timeout <seconds>", "longest time of the command for one answer", "60")
    .option("--wait <seconds>", "longest time for a verdict of the server", "1800")
    .option("--concurrency <count>", "questions at a time", "4")
    .option("--junit <file>", "write a JUnit XML file")
    .option("--json", JSON_OPTION)
    .addHelpText("after", HELP)
    .action(async (raw: RawCheckOptions) => {
      const [{ readCheckOptions }, { printCheck }, { writeJunit }] = await Promise.all([
        import("../check/check-options.ts"),
        import("../check/print-check.ts"),
        import("../check/write-junit.ts"),
      ]);
      const options = readCheckOptions(raw, process.env);
      const started = performance.now();
      const found =
        options.mode === "server"
          ? await (await import("../check/check-on-server.ts")).checkOnServer(options)
          : await (await import("../check/check-locally.ts")).checkLocally(options);
      const result = { ...found, seconds: (performance.now() - started) / 1000 };
      process.stderr.write(printCheck(result));
      if (raw.json === true) process.stdout.write(`${JSON.stringify(result)}\n`);
      if (raw.junit !== undefined) {
        await writeFile(raw.junit, writeJunit(result, { endedAt: new Date(), hostname: hostname() })).catch(
          (error: unknown) => {
            throw new CheckUsageError(`${raw.junit ?? ""} cannot be written (${(error as Error).message}).`);
          },
        );
      }
      if (result.verdict !== "passed") process.exitCode = 1;
    });
}
