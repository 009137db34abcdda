import type { Command } from "commander";

/** `demo`: the whole loop on real input. */
export function addDemoCommand(program: Command): void {
  program
    .command("demo")
    .description("run the whole loop on a labelled set of messages, then keep the server up for a look")
    .action(async () => {
      const { runDemo } = await import("../demo/run-demo.ts");
      await runDemo();
    });
}
