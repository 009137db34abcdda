import type { Command } from "commander";
import { JSON_OPTION } from "./json-option.ts";
import type { ServeOptions } from "./run-server.ts";

/** `serve` (API and work, by LEARNING_ROLE) and `worker` (work only). */
export function addServeCommands(program: Command): void {
  program
    .command("serve", { isDefault: true })
    .description("start the API, and the workers unless LEARNING_ROLE=api")
    .option("--port <number>", "port to listen on (PORT, 8000)")
    .option("--host <address>", "address to listen on (HOST, 127.0.0.1)")
    .option("--json", JSON_OPTION)
    .action(async (options: ServeOptions) => {
      const { runServer } = await import("./run-server.ts");
      await runServer(options);
    });
  program
    .command("worker")
    .description("start workers without the API")
    .option("--json", JSON_OPTION)
    .action(async ({ json }: ServeOptions) => {
      const { runServer } = await import("./run-server.ts");
      await runServer(json === undefined ? {} : { json }, "worker");
    });
}
