import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

// The trainer's own tests are Python's. They run where `npm run trainer:install` has made its environment.
const trainer = fileURLToPath(new URL("../../../../trainers/trl/", import.meta.url));
const python = `${trainer}.venv/bin/python`;
const THIRTY_MINUTES = 1_800_000;

it("the Python trainer passes its tests", { timeout: THIRTY_MINUTES, retry: 0 }, async (context) => {
  if (!existsSync(python))
    context.skip("npm run trainer:install has not been run: trainers/trl/.venv is missing");
  const { status, output } = await run(python, ["-m", "pytest", "-q"]);
  expect(output).toContain("passed");
  expect(status, output).toBe(0);
});

async function run(
  command: string,
  parameters: string[],
): Promise<{ status: number | null; output: string }> {
  const process = spawn(command, parameters, { cwd: trainer });
  let output = "";
  process.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  process.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const status = await new Promise<number | null>((resolve, reject) => {
    process.on("error", reject);
    process.on("close", resolve);
  });
  return { status, output };
}
