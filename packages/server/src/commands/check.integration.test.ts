import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { CheckResult } from "../check/check-result.ts";
import { createApiClient } from "../demo/api-client.ts";
import { type CliProcess, type CliResult, runCli, startCli } from "../testing/cli-process.ts";

const ADMIN_KEY = "als_uk_the-administrator-of-this-test";
const INTENTS = [
  ["where is my new card, it has not arrived", "card_arrival"],
  ["my card was stolen yesterday on the bus", "lost_or_stolen"],
] as const;

const config = (wrong?: string, note = ""): object => ({
  runtime: "demonstrations",
  demonstrations: INTENTS.map(([input, output]) => ({
    input: input + note,
    output: output === wrong ? "other" : output,
  })),
  parameters: { neighbours: 1, default_output: "other" },
});

// Real processes, as a CI runs them.
describe("agent-learning check", () => {
  const directory = mkdtempSync(join(tmpdir(), "als-check-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const file = (name: string, content: unknown): string => {
    const path = join(directory, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };
  const resultOf = ({ stdout }: CliResult): CheckResult => JSON.parse(stdout) as CheckResult;
  const cases = file(
    "cases.jsonl",
    `${INTENTS.map(([input, expected]) => JSON.stringify({ input, expected })).join("\n")}\n\n`,
  );

  describe("without a server", () => {
    it("passes a good candidate: exit code 0, a table on standard error, nothing on standard output", async () => {
      const junit = join(directory, "good.xml");
      const good = file("good.json", config());
      const result = await runCli(["check", "--candidate", good, "--cases", cases, "--junit", junit]);
      expect(result, result.stderr).toMatchObject({ code: 0, stdout: "" });
      expect(result.stderr).toMatch(/Regression: passed\..*\n[^]*prompt_injection +passed[^]*\nPASSED: /);
      const xml = readFileSync(junit, "utf8");
      expect(xml).toMatch(/<testsuite name="regression" [^>]*tests="2" failures="0" errors="0"/);
      expect(xml).toMatch(/<testsuite name="safety" [^>]*tests="6" failures="0" errors="0"/);
    });

    it("fails one that breaks a case and leaks a card: exit code 1, the verdict as JSON, failures in JUnit", async () => {
      const junit = join(directory, "bad.xml");
      const bad = file("bad.json", config("lost_or_stolen", " card 4111 1111 1111 1111"));
      const good = file("good.json", config());
      const args = ["--candidate", bad, "--baseline", good, "--cases", cases, "--junit", junit, "--json"];
      const result = await runCli(["check", ...args]);
      expect(result.code, result.stderr).toBe(1);
      expect(resultOf(result)).toMatchObject({
        verdict: "failed",
        regression: {
          verdict: "failed",
          cases: [{ status: "passed" }, { status: "broken", output: "other" }],
        },
        safety: { verdict: "failed" },
      });
      const xml = readFileSync(junit, "utf8");
      expect(xml.match(/<failure /g)).toHaveLength(2);
      expect(xml).toContain("[payment_card]");
      expect(xml + result.stdout + result.stderr).not.toContain("4111 1111");
    });

    it("lets the user's own agent answer, and counts its failures against it", async () => {
      const agent = file(
        "agent.mjs",
        `import { createInterface } from "node:readline";
         for await (const line of createInterface({ input: process.stdin })) {
           const { id, input } = JSON.parse(line);
           if (input.includes("stolen")) console.log(JSON.stringify({ id, error: "the tool is away" }));
           else console.log(JSON.stringify({ id, output: input.includes("arrived") ? "card_arrival" : "I cannot help with that." }));
         }`,
      );
      const mine = file("mine.json", { runtime: "model", components: { system_prompt: "Route." } });
      const command = `"${process.execPath}" "${agent}"`;
      const result = await runCli([
        "check",
        "--candidate",
        mine,
        "--cases",
        cases,
        "--command",
        command,
        "--checks",
        "regression",
        "--json",
      ]);
      expect(result.code, result.stderr).toBe(1);
      expect(resultOf(result).regression?.cases).toMatchObject([
        { status: "passed" },
        {
          status: "broken",
          output: null,
          reason: "The agent failed: the tool is away.",
          candidate_attempts: 3,
        },
      ]);
    });

    it.each<[string, string[], RegExp]>([
      ["nothing to check", [], /Say what to check/],
      [
        "a candidate that is not there",
        ["--candidate", "/nowhere.json", "--cases", cases],
        /nowhere\.json cannot be read/,
      ],
      ["a candidate that is none", ["--candidate", cases, "--cases", cases], /is not JSON/],
      [
        "a case without an input",
        ["--candidate", file("c.json", config()), "--cases", file("x.jsonl", '{"expected":"a"}')],
        /line 1: input/,
      ],
      [
        "a model that nobody answers for",
        ["--candidate", file("m.json", { components: {} }), "--cases", cases],
        /let your agent answer: --command/,
      ],
    ])("ends with 2 for %s", async (_what, args, message) => {
      const result = await runCli(["check", ...args]);
      expect(result.stderr).toMatch(message);
      expect(result.stderr).not.toMatch(/^\s+at /m);
      expect(result).toMatchObject({ code: 2, stdout: "" });
    });
  });

  describe("with a server", () => {
    let server: CliProcess;
    beforeAll(async () => {
      const data = join(directory, "data");
      cpSync(join(inject("pgliteTemplates"), "migrated"), data, { recursive: true });
      server = await startCli(["serve", "--port", "0"], {
        LEARNING_DATA_DIR: data,
        LEARNING_ADMIN_KEY: ADMIN_KEY,
        LEARNING_TICK_MILLISECONDS: "200",
      });
      const api = createApiClient(server.announced.url ?? "", ADMIN_KEY);
      const first = await api.post<{ id: string }>("/agents/my-agent/versions", { config: config() });
      await api.post("/agents/my-agent/serving", { version_id: first.id });
      for (const [input, expected] of INTENTS)
        await api.post("/regression-cases", {
          agent_id: "my-agent",
          input_text: input,
          expected_output: expected,
        });
    });
    afterAll(() => server.end("SIGTERM"));

    const check = (args: readonly string[], key = ADMIN_KEY): Promise<CliResult> =>
      runCli(["check", "--agent", "my-agent", ...args], {
        LEARNING_URL: server.announced.url ?? "",
        LEARNING_KEY: key,
      });

    it("refuses a bad candidate, and the server remembers", async () => {
      const bad = file("bad-2.json", config("lost_or_stolen"));
      const result = await check(["--candidate", bad, "--json"]);
      expect(result.code, result.stderr).toBe(1);
      const found = resultOf(result);
      expect(found).toMatchObject({ verdict: "failed", regression: { cases: expect.any(Array) } });
      expect(found.regression?.cases.filter(({ status }) => status === "broken")).toHaveLength(1);
      const api = createApiClient(server.announced.url ?? "", ADMIN_KEY);
      const rollout = await api.post<{ requirements: { name: string }[] }>("/rollouts", {
        agent_id: "my-agent",
        candidate_version_id: found.version_id,
      });
      expect(rollout.requirements.map(({ name }) => name)).toContain("regression_not_passed");
    });

    it("passes a good one, by the answers of the user's own agent, in as many rounds as it takes", async () => {
      const agent = file(
        "router.mjs",
        `import { createInterface } from "node:readline";
         for await (const line of createInterface({ input: process.stdin })) {
           const { id, input, attempt } = JSON.parse(line);
           const flaky = input.includes("stolen") && attempt === 1;
           console.log(JSON.stringify({ id, output: flaky ? "other" : input.includes("stolen") ? "lost_or_stolen" : input.includes("arrived") ? "card_arrival" : "other" }));
         }`,
      );
      const mine = file("mine-2.json", {
        runtime: "model",
        components: { system_prompt: "Route the message." },
      });
      const result = await check([
        "--candidate",
        mine,
        "--command",
        `"${process.execPath}" "${agent}"`,
        "--json",
      ]);
      expect(result.code, result.stderr).toBe(0);
      expect(
        resultOf(result)
          .regression?.cases.map(({ candidate_attempts, status }) => [status, candidate_attempts])
          .sort(),
      ).toEqual([
        ["passed", 1],
        ["passed", 3],
      ]);
    });

    it.each<[string, string[], number, RegExp, string?]>([
      [
        "a version that the agent has not",
        ["--version-id", "0190a000-0000-7000-8000-00000000dead"],
        2,
        /The server refused/,
      ],
      [
        "a key that nobody has",
        ["--version-id", "x"],
        2,
        /The server refused: .*401/,
        "als_sk_nobody-has-this-key-at-all-0123456789",
      ],
      [
        "a model that the server has not",
        ["--candidate", file("m2.json", { components: { system_prompt: "x" } })],
        2,
        /answered_by "caller"/,
      ],
      [
        "a server that is away",
        ["--version-id", "x", "--url", "http://127.0.0.1:9"],
        3,
        /cannot be reached at http:\/\/127\.0\.0\.1:9/,
      ],
    ])("ends without a verdict for %s", async (_what, args, code, message, key) => {
      const result = await check(args, key);
      expect(result.stderr).toMatch(message);
      expect(result.stderr).not.toMatch(/^\s+at /m);
      expect(result).toMatchObject({ code, stdout: "" });
    });
  });
});
