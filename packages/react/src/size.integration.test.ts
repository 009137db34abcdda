import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const resolveDir = dirname(fileURLToPath(import.meta.url));

/** Minified and compressed bytes of what a page takes, React left out, and the packages that it needs. */
async function measure(names: string): Promise<{ bytes: number; imports: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export { ${names} } from "./index.ts"`, resolveDir, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    external: ["react", "react/jsx-runtime"],
    write: false,
    metafile: true,
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  return {
    bytes: gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length,
    imports: [...new Set(imports)],
  };
}

describe("size", () => {
  it("thumbs alone take 4 kB at most", async () => {
    const { bytes, imports } = await measure(
      "FeedbackRoot, FeedbackThumbs, FeedbackStatusText, FeedbackUndo",
    );
    expect(bytes).toBeLessThanOrEqual(4_000);
    expect(imports.filter((path) => !path.startsWith("react"))).toEqual([]);
  });

  it("the whole widget with its stylesheet takes 10 kB at most, and nothing but React", async () => {
    const { bytes, imports } = await measure("FeedbackCollector");
    const { outputFiles } = await build({
      entryPoints: [`${resolveDir}/../styles/feedback.css`],
      bundle: true,
      minify: true,
      write: false,
    });
    const style = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
    expect(style).toBeGreaterThan(500);
    expect(bytes + style).toBeLessThanOrEqual(10_000);
    expect(imports.filter((path) => !path.startsWith("react"))).toEqual([]);
  });
});
