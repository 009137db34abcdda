import { execFile } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import type * as node from "./index.ts";
import { startFakeServer } from "./testing/fake-server.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const run = promisify(execFile);
const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const bin = fileURLToPath(new URL("../../../node_modules/.bin/", import.meta.url));
const importsOf = (code: string): string[] =>
  [
    ...code.matchAll(
      /(?:^|[;\s}])(?:import|export)[^;"']*?from\s*["']([^"']+)["']|import\s*\(?["']([^"']+)["']/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? "");

/** The package as npm would install it, alone in a project without any other. */
async function installed(): Promise<string> {
  const project = await temporaryFolder();
  const target = join(project, "node_modules/@agent-learning/sdk");
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json"], { cwd: packageFolder });
  const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
  for (const { path } of packed?.files ?? []) {
    await mkdir(join(target, path, ".."), { recursive: true });
    await cp(join(packageFolder, path), join(target, path));
  }
  await writeFile(join(project, "package.json"), '{"type":"module"}');
  return project;
}

beforeAll(async () => {
  await run(join(bin, "tsc"), ["-b"], { cwd: packageFolder });
  await run(process.execPath, ["build.js"], { cwd: packageFolder });
});

describe("the published package", () => {
  it("imports nothing but Node's own modules, in browsers nothing at all", async () => {
    const read = (name: string): Promise<string> =>
      readFile(join(packageFolder, "dist/bundle", name), "utf8");
    const [node, browser, openFeature] = (await Promise.all(
      ["node.js", "browser.js", "openfeature.js"].map(read),
    )) as [string, string, string];
    expect(importsOf(node).length).toBeGreaterThan(3);
    expect(importsOf(node).filter((path) => !isBuiltin(path))).toEqual([]);
    expect(importsOf(browser)).toEqual([]);
    const rerank = await read("rerank.js");
    expect(importsOf(rerank)).toEqual([]);
    expect(gzipSync(rerank).length).toBeLessThan(8_000);
    expect(new Set(importsOf(openFeature))).toEqual(new Set(["@openfeature/server-sdk"]));
    expect(gzipSync(browser).length).toBeLessThan(13_000);
  });

  it("works in Node, installed alone", async () => {
    const server = await startFakeServer();
    const project = await installed();
    const script = `
      import { createLearning, LearningError } from "@agent-learning/sdk";
      const learning = createLearning({ baseUrl: "${server.url}", key: "als_sk_x", agentId: "my-agent" });
      await learning.ready();
      await learning.run("u", ({ resolution }) => resolution.versionId, { inputText: "x", executionId: "e1" });
      const closed = await learning.close();
      console.log(JSON.stringify([closed, learning.stats().delivered, typeof LearningError]));`;
    await writeFile(join(project, "agent.js"), script);
    const { stdout } = await run(process.execPath, ["agent.js"], { cwd: project });
    expect(JSON.parse(stdout)).toEqual([true, 1, "function"]);
    expect(server.executions.get("e1")?.execution.output_text).toMatch(/^[0-9a-f-]{36}$/);
    expect(await readFile(join(project, ".agent-learning-sdk/.gitignore"), "utf8")).toBe("*\n");
    await server.close();
  });

  it("has types that need no other package", async () => {
    const project = await installed();
    await writeFile(
      join(project, "agent.ts"),
      `import { createLearning, type Resolution } from "@agent-learning/sdk";
      const agentConfig = {
        agentId: 'my-agent',
        learningEnabled: true,
        feedbackCollection: {
          autoCollect: true,
          minRatingForPositive: 4,
          collectCorrections: true
        }
      };
      const learning = createLearning({ baseUrl: "http://h", key: "k", ...agentConfig, fetch });
      createLearning({ baseUrl: "http://h", key: "k", agentConfig });
      const resolution: Resolution = learning.resolve("u");
      export const prompt: string | undefined = resolution.version?.config.components["system_prompt"];
      // @ts-expect-error inputText is required
      learning.record({});`,
    );
    const flags = "--noEmit --strict --module nodenext --target es2024 --lib es2024,dom --types".split(" ");
    const { stdout } = await run(join(bin, "tsc"), [...flags, "", "agent.ts"], { cwd: project });
    expect(stdout).toBe("");
  });

  it("works where there is nothing of Node", async () => {
    const code = await readFile(join(packageFolder, "dist/bundle/browser.js"), "utf8");
    const entries = new Map<string, string>();
    const localStorage = {
      get length() {
        return entries.size;
      },
      key: (index: number) => [...entries.keys()][index] ?? null,
      getItem: (key: string) => entries.get(key) ?? null,
      setItem: (key: string, value: string) => void entries.set(key, value),
      removeItem: (key: string) => void entries.delete(key),
    };
    const sent: string[] = [];
    const page = {
      crypto,
      performance,
      TextDecoder,
      AbortController,
      URL,
      setTimeout,
      clearTimeout,
      setInterval,
      clearInterval,
      structuredClone,
      console,
      localStorage,
      fetch: async (url: string) => {
        sent.push(url);
        return Response.json({ id: "x" }, { status: 201 });
      },
    };
    // The same code as a script, because a context of its own has no modules.
    const names = /export\s*\{([^}]*)\};?\s*(?:\/\/.*)?$/.exec(code.trim());
    const exported = (names?.[1] ?? "").replaceAll(/([\w$]+) as (\w+)/g, "$2: $1");
    const script = `${code.slice(0, names?.index)};({${exported}})`;
    const { createLearning } = runInNewContext(script, page) as Pick<typeof node, "createLearning">;
    const learning = createLearning({ baseUrl: "http://h", key: "als_pk_x", agentId: "my-agent" });
    learning.feedback({ executionId: "e1", feedbackType: "thumbs_up" });
    expect(entries.size).toBe(1);
    expect(await learning.close()).toBe(true);
    expect(sent).toEqual(["http://h/api/learning/feedback"]);
    expect(entries.size).toBe(0);
  });
});
