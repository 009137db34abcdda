import { type Command, InvalidArgumentError } from "commander";

function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`Give a whole number from ${minimum} to ${maximum}.`);
  };
}

/** `demo`: the whole loop on real input. */
export function addDemoCommand(program: Command): void {
  program
    .command("demo")
    .description("run the whole loop on a labelled set of messages, then keep the server up for a look")
    .option(
      "--data <file>",
      "CSV with the columns text and category (default: messages of an accounting desk)",
    )
    .option("--categories <list>", "only these categories of the data, separated by commas")
    .option("--port <number>", "port to listen on; 0 takes a free one", wholeNumber(0, 65_535), 8000)
    .option("--fast", "fewer users, and no identical version", false)
    .option("--exit", "stop the server at the end", false)
    .option("--seed <number>", "what the random choices start from", wholeNumber(0, 4_294_967_295), 1)
    .option("--json <file>", "write the final table as JSON")
    .option("--model <file>", "the agent is this GGUF model (needs node-llama-cpp)")
    .action(
      async (given: {
        data?: string;
        categories?: string;
        port: number;
        fast: boolean;
        exit: boolean;
        seed: number;
        json?: string;
        model?: string;
      }) => {
        const { runDemo } = await import("../demo/run-demo.ts");
        await runDemo({
          data: given.data,
          categories: given.categories?.split(",").map((category) => category.trim()),
          port: given.port,
          fast: given.fast,
          exit: given.exit,
          seed: given.seed,
          json: given.json,
          model: given.model,
        });
      },
    );
}
