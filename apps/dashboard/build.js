// Builds the dashboard into the server package and compresses every file once. Does nothing when nothing changed since the last time.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const target = here("../../packages/server/dashboard/");
const stamp = join(target, ".built-from");

function listFiles(folder) {
  if (!existsSync(folder)) return [];
  if (statSync(folder).isFile()) return [folder];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .sort();
}

function fingerprint() {
  const hash = createHash("sha256");
  const inputs = ["./src", "./public", "./index.html", "./vite.config.ts", "./build.js", "./package.json"];
  const compiled = ["../../packages/react/dist", "../../packages/statistics/dist", "../../package-lock.json"];
  for (const file of [...inputs, ...compiled].flatMap((path) => listFiles(here(path)))) {
    if (/\.(test\.tsx?|tsbuildinfo[^/]*|map)$/.test(file)) continue;
    hash.update(file.slice(here("../../").length)).update(readFileSync(file));
  }
  return hash.digest("hex");
}

const wanted = fingerprint();
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  await build({ root: here("./"), logLevel: "warn" });
  for (const file of listFiles(target).filter((name) => /\.(js|css|html|svg)$/.test(name))) {
    const content = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
    );
  }
  writeFileSync(stamp, wanted);
}
