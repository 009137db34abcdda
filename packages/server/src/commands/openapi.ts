import type { Command } from "commander";
import { VERSION } from "../version.ts";

/** `openapi`: the API's description, without starting anything. */
export function addOpenapiCommand(program: Command): void {
  program
    .command("openapi")
    .description("print the API's OpenAPI 3.1 description")
    .action(async () => {
      const [{ describeApi }, { routes }] = await Promise.all([
        import("../http/openapi.ts"),
        import("../routes.ts"),
      ]);
      process.stdout.write(`${JSON.stringify(describeApi(routes, VERSION), null, 2)}\n`);
    });
}
