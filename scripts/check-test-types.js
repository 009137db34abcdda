// Types of tests, benchmarks and examples: the build leaves them out, and their runner takes types away without a look.
import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
const projects = [
  ...globSync("{packages,apps}/*/tsconfig.test.json", { cwd: root }),
  "benchmarks/tsconfig.json",
];
// Examples are projects of their own: their packages are here where the workspace has them, or after npm install in their folder.
for (const folder of globSync("examples/*/", { cwd: root })) {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(root, folder, "package.json"), "utf8"),
  );
  const missing = Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => ![folder, "."].some((at) => existsSync(join(root, at, "node_modules", name))),
  );
  if (missing.length === 0) projects.push(join(folder, "tsconfig.json"));
  else
    process.stderr.write(`${folder} has types that are not checked: ${missing.join(", ")} not installed.\n`);
}
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
