import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLlamaServer } from "./llama-server.ts";
import { measureRequests, summariseRounds } from "./measure-requests.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "llama-server-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, script: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!${process.execPath}\n${script}`);
  chmodSync(file, 0o755);
  return file;
}

const options = { path: "m.gguf", threads: 1, slots: 2, contextSize: 512 };

describe("the server of llama.cpp", () => {
  it("is started with the slots' room in all, asked, and stopped", async () => {
    const file = program(
      "server.cjs",
      `const at = (name) => process.argv[process.argv.indexOf(name) + 1];
      require("node:http").createServer((request, response) => {
        if (request.url === "/health") return response.end("{}");
        request.resume().on("end", () => response.end(JSON.stringify({
          choices: [{ message: { content: at("--ctx-size") + " " + at("--parallel") } }],
        })));
      }).listen(Number(at("--port")), at("--host"));`,
    );
    const server = await startLlamaServer({ ...options, program: file });
    expect(await server.ask([{ role: "user", content: "?" }])).toBe("1024 2");
    expect(server.processorSeconds()).toBeGreaterThanOrEqual(0);
    await server.stop();
    await expect(server.ask([{ role: "user", content: "?" }])).rejects.toThrow("fetch failed");
  });

  it("that ends, or is none, is an error that says what it wrote", async () => {
    const broken = program("broken.cjs", `console.error("no such model"); process.exit(3);`);
    await expect(startLlamaServer({ ...options, program: broken })).rejects.toThrow(/code 3: no such model/);
    await expect(startLlamaServer({ ...options, program: join(folder, "absent") })).rejects.toThrow("ENOENT");
  });
});

describe("the rounds", () => {
  it("ask everything, so many at a time, and keep the order", async () => {
    let [running, most] = [0, 0];
    const { answers } = await measureRequests(
      {
        name: "s",
        processorSeconds: () => 0,
        ask: async ([message]) => {
          running += 1;
          most = Math.max(most, running);
          await new Promise(setImmediate);
          running -= 1;
          return message?.content ?? "";
        },
      },
      ["a", "b", "c", "d"].map((content) => [{ role: "user" as const, content }]),
      2,
    );
    expect(answers).toEqual(["a", "b", "c", "d"]);
    expect(most).toBe(2);
  });

  it("are compared by their medians", () => {
    const seconds = (name: string, values: number[]) =>
      values.map((value) => ({ name, seconds: value, processorSeconds: value * 2 }));
    const { ratio, lines } = summariseRounds([...seconds("a", [9, 3, 2]), ...seconds("b", [2, 4])], 10);
    expect(ratio).toEqual({ seconds: 1, processorSeconds: 1 });
    expect(lines[0]).toEqual({
      side: "a",
      rounds: 3,
      "seconds (median)": 3,
      "processor seconds (median)": 6,
      "ms a request": 300,
    });
    expect(summariseRounds(seconds("a", [1]), 1).ratio).toBeUndefined();
  });
});
