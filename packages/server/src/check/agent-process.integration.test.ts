import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AgentProcess, startAgentProcess } from "./agent-process.ts";

describe("the user's agent as a process", () => {
  let directory: string;
  let agent: AgentProcess | undefined;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "als-agent-"));
  });
  afterEach(async () => {
    await agent?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Starts a script whose `answer(question)` returns the line to write, or undefined for none. */
  function start(answer: string, timeoutMilliseconds = 10_000): AgentProcess {
    const path = join(directory, "agent.mjs");
    writeFileSync(
      path,
      `import { createInterface } from "node:readline";
       const answer = ${answer};
       for await (const line of createInterface({ input: process.stdin })) {
         const written = await answer(JSON.parse(line));
         if (written !== undefined) process.stdout.write(written + "\\n");
       }`,
    );
    agent = startAgentProcess({ command: `"${process.execPath}" "${path}"`, timeoutMilliseconds });
    return agent;
  }
  const ask = (one: AgentProcess, input: string, attempt = 1): ReturnType<AgentProcess["ask"]> =>
    one.ask({ id: "case/1", input, context: { a: 1 }, attempt });

  it("answers, in any order, knowing context and attempt", async () => {
    const one = start(`async ({ id, input, context, attempt }) => {
      if (input === "slow") await new Promise((resolve) => setTimeout(resolve, 100));
      return JSON.stringify({ id, output: input + context.a + attempt });
    }`);
    expect(await Promise.all([ask(one, "slow"), ask(one, "b", 2), ask(one, "c")])).toEqual([
      { output: "slow11" },
      { output: "b12" },
      { output: "c11" },
    ]);
  });

  it("says of a question that hangs that it did, and puts the others to a new process", async () => {
    const one = start(
      `({ id, input }) => input === "hang" ? new Promise(() => setInterval(() => {}, 1000)) : JSON.stringify({ id, output: input })`,
      1_500,
    );
    expect(await ask(one, "before")).toEqual({ output: "before" });
    const answers = await Promise.all([ask(one, "hang"), ask(one, "after")]);
    expect(answers).toEqual([{ error: "the command did not answer within 1.5 s" }, { output: "after" }]);
  });

  it("says of a question that ends the command that it did, and goes on", async () => {
    const one = start(
      `({ id, input }) => input === "crash" ? process.exit(7) : JSON.stringify({ id, output: input })`,
    );
    expect(await Promise.all([ask(one, "crash"), ask(one, "after")])).toEqual([
      { error: "the command ended (exit code 7) before it answered" },
      { output: "after" },
    ]);
  });

  it("takes garbage for an answer with an error", async () => {
    const one = start(`({ input }) => input`);
    expect(await ask(one, "hello")).toEqual({ error: expect.stringContaining("not JSON") });
    expect(await ask(one, '{"output": NaN}')).toEqual({ error: expect.stringContaining("not JSON") });
    expect(await ask(one, '{"output": "fine"}')).toEqual({ output: "fine" });
  });

  it("gives a command up that never answers", async () => {
    agent = startAgentProcess({ command: "exit 3", timeoutMilliseconds: 5_000 });
    const answers = [];
    for (let index = 0; index < 5; index += 1) answers.push(await ask(agent, "x"));
    expect(answers.at(0)).toEqual({ error: "the command ended (exit code 3) before it answered" });
    expect(answers.at(-1)).toEqual({ error: expect.stringContaining("given up") });
  });
});
