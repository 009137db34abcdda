#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { addDemoCommand } from "./commands/demo.ts";
import { addMigrateCommand } from "./commands/migrate.ts";
import { addOpenapiCommand } from "./commands/openapi.ts";
import { addServeCommands } from "./commands/serve.ts";
import { exitCodeOf, explain } from "./commands/exit-codes.ts";
import { VERSION } from "./version.ts";

const program = new Command("agent-learning")
  .description("Makes AI agents learn from the people who use them.")
  .version(VERSION)
  .showHelpAfterError()
  .exitOverride();

addServeCommands(program);
addMigrateCommand(program);
addOpenapiCommand(program);
addDemoCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) process.stderr.write(`${explain(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
