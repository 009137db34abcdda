// Bundles the SDK for Node and for browsers, so that the published package needs no other. Run after `tsc -b`.
import { readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const BROWSER_GZIP_LIMIT = 13_000;

/** @param {string} entry @param {"node" | "browser"} platform @param {string} [peer] which the user brings along */
async function bundle(entry, platform, peer) {
  const folder = basename(dirname(entry));
  const name = folder === "src" ? platform : folder;
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: `dist/bundle/${name}.js`,
    external: peer === undefined ? [] : [peer],
    bundle: true,
    format: "esm",
    platform,
    target: platform === "node" ? "node22.12" : "es2024",
    minify: platform === "browser",
    sourcemap: true,
    legalComments: "none",
    conditions: ["agent-learning-source"],
    metafile: true,
    logLevel: "warning",
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const foreign = imports.filter(
    ({ path }) => path !== peer && (platform === "browser" || !path.startsWith("node:")),
  );
  if (foreign.length > 0) throw new Error(`${entry} imports ${foreign.map(({ path }) => path).join(", ")}`);
}

/** Fails when a published declaration needs another package, or the types of Node. */
function checkDeclarations() {
  const seen = new Set();
  const waiting = ["dist/index.d.ts", "dist/rerank/index.d.ts"].map((path) => resolve(root, path));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, path] of text.matchAll(/(?:from|import|reference types=)\s*\(?["']([^"']+)["']/g)) {
      if (!path.startsWith(".")) throw new Error(`${relative(root, file)} refers to ${path}`);
      waiting.push(resolve(dirname(file), path.replace(/\.(?:ts|js)$/, ".d.ts")));
    }
  }
}

await Promise.all([
  bundle("src/index.ts", "node"),
  bundle("src/browser.ts", "browser"),
  bundle("src/openfeature/index.ts", "node", "@openfeature/server-sdk"),
  // Runs in both; Node's own modules are not in it.
  bundle("src/rerank/index.ts", "browser"),
]);
checkDeclarations();
const code = readFileSync(join(root, "dist/bundle/browser.js"));
const gzipped = gzipSync(code, { level: 9 }).length;
if (gzipped > BROWSER_GZIP_LIMIT) throw new Error(`the browser bundle has ${gzipped} bytes gzipped`);
if (process.argv.includes("--size")) {
  process.stdout.write(`browser bundle: ${code.length} bytes, ${gzipped} gzipped\n`);
}
