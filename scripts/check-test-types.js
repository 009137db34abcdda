// Types of tests and benchmarks: the build leaves them out, and their runner takes types away without a look.
import { execFileSync } from "node:child_process";
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
const projects = [
  ...globSync("{packages,apps}/*/tsconfig.test.json", { cwd: root }),
  "benchmarks/tsconfig.json",
];
for (const project of projects) {
  try {
    execFileSync(process.execPath, [tsc, "-p", project, "--noEmit", "--incremental"], {
      cwd: root,
      stdio: "inherit",
    });
  } catch {
    process.stderr.write(`${project} has type errors.\n`);
    process.exitCode = 1;
  }
}
