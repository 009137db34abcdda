#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { addCheckCommand } from "./commands/check.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addMigrateCommand } from "./commands/migrate.ts";
import { addOpenapiCommand } from "./commands/openapi.ts";
import { addServeCommands } from "./commands/serve.ts";
import { addTrainingCommand } from "./commands/training.ts";
import { VERSION } from "./version.ts";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `agent-learning needs Node 22.12 or newer, and this is ${process.version}. Install one from https://nodejs.org, or start it ` +
      "through npm in a checkout of the project, which brings its own on Linux x64: npm start, npm run demo.\n",
  );
  process.exit(2);
}

// A command loads what it runs when it runs: help is there at once.
const program = new Command("agent-learning")
  .description("Makes AI agents learn from the people who use them.")
  .version(VERSION)
  .showHelpAfterError()
  .exitOverride();

addServeCommands(program);
addMigrateCommand(program);
addOpenapiCommand(program);
addDemoCommand(program);
addCheckCommand(program);
addTrainingCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const { exitCodeOf, explain } = await import("./commands/exit-codes.ts");
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
