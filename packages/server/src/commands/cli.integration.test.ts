import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, inject, it } from "vitest";
import { readMigrations } from "../database/migrate.ts";
import { type CliProcess, runCli, startCli } from "../testing/cli-process.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { VERSION } from "../version.ts";

const ADMIN_KEY = "als_uk_the-administrator-of-this-test";
const REFUSING = "postgres://postgres@127.0.0.1:9/nothing";

// One process after the other: each has some 1,500 modules to load.
describe("agent-learning", () => {
  const directories: string[] = [];
  const running: CliProcess[] = [];
  const databases: TestDatabase[] = [];
  afterEach(async () => {
    for (const one of running.splice(0)) await one.end("SIGKILL");
    for (const one of databases.splice(0)) await one.drop();
    for (const one of directories.splice(0)) rmSync(one, { recursive: true, force: true });
  });

  function directory(template?: "migrated" | "empty"): string {
    const made = mkdtempSync(join(tmpdir(), "als-cli-"));
    directories.push(made);
    if (template !== undefined) cpSync(join(inject("pgliteTemplates"), template), made, { recursive: true });
    return made;
  }
  async function start(args: readonly string[], environment: Record<string, string>): Promise<CliProcess> {
    const process = await startCli(args, { LEARNING_LOG_LEVEL: "info", ...environment });
    running.push(process);
    return process;
  }
  async function call<T = Record<string, unknown>>(
    server: CliProcess,
    path: string,
    { key, method = "GET", body }: { key?: string | undefined; method?: string; body?: unknown } = {},
  ): Promise<{ status: number; body: T }> {
    const response = await fetch(`${server.announced.url}${path}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as T };
  }

  describe("tells about itself", () => {
    it("with --help, --version and openapi, on standard output", async () => {
      const help = await runCli(["--help"]);
      expect(help).toMatchObject({ code: 0, stderr: "" });
      for (const command of ["serve", "worker", "migrate", "openapi", "demo", "check", "training"])
        expect(help.stdout).toContain(command);
      expect(await runCli(["--version"])).toMatchObject({ code: 0, stdout: `${VERSION}\n`, stderr: "" });
      const openapi = await runCli(["openapi"]);
      expect(openapi.code).toBe(0);
      expect(JSON.parse(openapi.stdout)).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./) });
    });
  });

  describe("ends with", () => {
    it.each<[string, string[], Record<string, string>, RegExp]>([
      ["an unknown command", ["surf"], {}, /unknown command|too many arguments/],
      ["an unknown option", ["serve", "--fast"], {}, /unknown option/],
      ["a port that is none", ["serve", "--port", "http"], {}, /PORT/],
      [
        "a variable that cannot be used",
        ["migrate"],
        { DATABASE_URL: "mysql://localhost/x" },
        /DATABASE_URL: must be a postgres/,
      ],
      [
        "a model without a name",
        ["serve"],
        { LEARNING_MODEL_URL: "http://127.0.0.1:1/v1" },
        /LEARNING_MODEL is not/,
      ],
      [
        "a file of messages that is not there",
        ["demo", "--data", "/nowhere/messages.csv", "--exit"],
        {},
        /messages\.csv/,
      ],
    ])("2 for %s", async (_what, args, environment, message) => {
      const result = await runCli(args, { LEARNING_DATA_DIR: directory(), ...environment });
      expect(result.stderr).toMatch(message);
      expect(result.stderr).not.toMatch(/^\s+at /m);
      expect(result.code).toBe(2);
    });

    it.each([["serve"], ["worker"], ["migrate"]])(
      "3 where the database cannot be reached: %s",
      async (command) => {
        const result = await runCli([command], { DATABASE_URL: REFUSING, LEARNING_DATA_DIR: directory() });
        expect(result.code).toBe(3);
        expect(result.stderr).toMatch(/The database cannot be reached/);
        expect(result.stderr).not.toMatch(/^\s+at /m);
      },
    );

    it("4 where another process has the data directory, and 1 where one has the port", async () => {
      const data = directory("migrated");
      const first = await start(["serve", "--port", "0"], { LEARNING_DATA_DIR: data });
      const second = await runCli(["serve", "--port", "0"], { LEARNING_DATA_DIR: data });
      expect(second.code).toBe(4);
      expect(second.stderr).toContain(`process ${first.pid}`);
      const { port } = new URL(first.announced.url ?? "");
      const third = await runCli(["serve", "--port", port], { LEARNING_DATA_DIR: directory("migrated") });
      expect(third.code).toBe(1);
      expect(third.stderr).toMatch(/The port cannot be listened on/);
      expect((await call(first, "/health")).status).toBe(200);
    });
  });

  describe("migrate", () => {
    it("says what it would do, does it, and has nothing more to do", async () => {
      const environment = { LEARNING_DATA_DIR: directory("empty") };
      const migrate = async (...options: string[]): Promise<unknown> => {
        const { code, stdout } = await runCli(["migrate", "--json", ...options], environment);
        expect(code).toBe(0);
        return JSON.parse(stdout);
      };
      const migrations = readMigrations().map(({ version, name }) => `${version}_${name}`);
      expect(migrations[0]).toMatch(/^20260128100000_agent_learning/);
      // What a dry run changed, the run after it would not have to do.
      expect(await migrate("--dry-run")).toEqual({ dry_run: true, migrations });
      expect(await migrate()).toEqual({ dry_run: false, migrations });
      expect((await runCli(["migrate"], environment)).stdout).toBe("The schema is up to date.\n");
    });
  });

  describe("serve", () => {
    it("announces itself as JSON, makes a key once, stops at SIGTERM, and finds its data again", async () => {
      const environment = { LEARNING_DATA_DIR: directory() };
      const first = await start(["serve", "--port", "0"], environment);
      const key = first.announced.admin_key;
      expect(first.announced).toMatchObject({
        role: "all",
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        admin_key: expect.stringMatching(/^als_uk_/),
      });
      expect((await call(first, "/ready")).body).toEqual({ status: "ready", engine: "pglite" });
      expect(
        (await call(first, "/api/learning/agents", { key, method: "POST", body: { slug: "kept" } })).status,
      ).toBe(201);
      // The guide's own call, once a key header is added.
      const optimisation = await call(first, "/api/learning/optimize-prompt", {
        key,
        method: "POST",
        body: {
          agent_id: "my-agent",
          current_prompt: "You are a helpful assistant...",
          optimization_goals: ["accuracy", "clarity"],
        },
      });
      expect(optimisation.status).toBe(202);
      const ended = await first.end("SIGTERM");
      expect(ended).toMatchObject({ code: 0, signal: null });
      expect(ended.stdout.trim().split("\n")).toHaveLength(1);
      for (const line of ended.stderr.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("level");
      expect(ended.stderr).not.toContain(key);

      const second = await start(["serve", "--port", "0"], environment);
      expect(second.announced.admin_key).toBeUndefined();
      expect((await call(second, "/api/learning/agents/kept", { key })).status).toBe(200);
      expect(await second.end("SIGINT")).toMatchObject({ code: 0 });
    });

    it("takes over from a process that was killed, with everything that it had acknowledged", async () => {
      const environment = { LEARNING_DATA_DIR: directory("migrated"), LEARNING_ADMIN_KEY: ADMIN_KEY };
      const first = await start(["serve", "--port", "0"], environment);
      const slugs = Array.from({ length: 20 }, (_, n) => `agent-${n}`);
      const made = await Promise.all(
        slugs.map((slug) =>
          call(first, "/api/learning/agents", { key: ADMIN_KEY, method: "POST", body: { slug } }),
        ),
      );
      expect(new Set(made.map(({ status }) => status))).toEqual(new Set([201]));
      expect((await first.end("SIGKILL")).signal).toBe("SIGKILL");
      const second = await start(["serve", "--port", "0"], environment);
      const list = await call<{ data: { slug: string }[] }>(second, "/api/learning/agents?limit=200", {
        key: ADMIN_KEY,
      });
      expect(list.body.data.map(({ slug }) => slug)).toEqual(expect.arrayContaining(slugs));
    });

    it("finishes what it is answering when it is told to stop", async () => {
      const server = await start(["serve", "--port", "0"], {
        LEARNING_DATA_DIR: directory("migrated"),
        LEARNING_ADMIN_KEY: ADMIN_KEY,
      });
      const revision = (
        await call<{ revision: number }>(server, "/api/learning/agents/my-agent/serving", { key: ADMIN_KEY })
      ).body;
      const polling = fetch(`${server.announced.url}/api/learning/agents/my-agent/serving?wait=30`, {
        headers: { authorization: `Bearer ${ADMIN_KEY}`, "if-none-match": `"${revision.revision}"` },
      }).then(
        (response) => response.status,
        () => "cut off",
      );
      await sleep(300);
      const since = performance.now();
      expect((await server.end("SIGTERM")).code).toBe(0);
      expect(performance.now() - since).toBeLessThan(10_000);
      expect([200, 304, 503]).toContain(await polling);
    });
  });

  describe.skipIf(inject("postgresUrl") === null)("by role, on one PostgreSQL", () => {
    it("api takes requests and leaves the work; worker works and takes none", async () => {
      const database = await createTestDatabase("postgresql", { migrated: false });
      databases.push(database);
      const environment = {
        DATABASE_URL: database.options.databaseUrl ?? "",
        LEARNING_ADMIN_KEY: ADMIN_KEY,
        LEARNING_TICK_MILLISECONDS: "200",
      };
      const api = await start(["serve", "--port", "0"], { ...environment, LEARNING_ROLE: "api" });
      expect(api.announced.role).toBe("api");
      const run = await call<{ id: string; status: string }>(api, "/api/learning/optimize-prompt", {
        key: ADMIN_KEY,
        method: "POST",
        body: { agent_id: "my-agent" },
      });
      expect(run.status).toBe(202);
      const status = async (): Promise<string> =>
        (
          await call<{ status: string }>(api, `/api/learning/training-runs/by-id/${run.body.id}`, {
            key: ADMIN_KEY,
          })
        ).body.status;
      await sleep(2_000);
      expect(await status()).toBe("pending");
      const worker = await start(["worker"], environment);
      expect(worker.announced).toEqual({ role: "worker" });
      await expect.poll(status, { timeout: 30_000, interval: 100 }).toBe("completed");
      expect((await worker.end("SIGTERM")).code).toBe(0);
      expect((await api.end("SIGTERM")).code).toBe(0);
    });
  });
});
