import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Vitest's global set-up of tests that start the command line: they start what users start, so it is built. Unchanged, a second. */
export default function setup(): void {
  execFileSync(process.execPath, [at("../../../../node_modules/typescript/bin/tsc"), "-b", at("../..")]);
  execFileSync(process.execPath, [at("../../build.js")]);
}
