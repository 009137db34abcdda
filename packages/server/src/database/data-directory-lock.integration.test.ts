import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectDatabase } from "./connect.ts";
import { clearDataDirectory, DataDirectoryLockedError, lockDataDirectory } from "./data-directory-lock.ts";

const CHILD = `
  const { lockDataDirectory } = await import(${JSON.stringify(new URL("data-directory-lock.ts", import.meta.url).href)});
  try { lockDataDirectory(process.argv[1]); process.stdout.write("locked\\n"); setInterval(() => undefined, 1000); }
  catch (error) { process.stdout.write(error.name + "\\n"); }`;

describe("the data directory's lock", () => {
  let directory = "";
  const children: ChildProcess[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "als-lock-"));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await kill(child);
    rmSync(directory, { recursive: true, force: true });
  });

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  async function lockInChild(): Promise<{ child: ChildProcess; said: string }> {
    const child = spawn(process.execPath, ["--input-type=module", "-e", CHILD, directory], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    return { child, said: chunk.toString().trim() };
  }

  it("keeps a second process out, and tells which one has it and what to do", async () => {
    const { child, said } = await lockInChild();
    expect(said).toBe("locked");
    const attempt = connectDatabase({ dataDirectory: directory });
    await expect(attempt).rejects.toThrow(DataDirectoryLockedError);
    await expect(attempt).rejects.toThrow(`in use by process ${child.pid}`);
    await expect(attempt).rejects.toThrow("DATABASE_URL");
  });

  it("keeps what a living process has from being cleared away", async () => {
    mkdirSync(join(directory, "database"));
    const { child } = await lockInChild();
    expect(() => clearDataDirectory(directory)).toThrow(DataDirectoryLockedError);
    expect(existsSync(join(directory, "database"))).toBe(true);
    await kill(child);
    clearDataDirectory(directory);
    expect(readdirSync(directory)).toEqual([]);
  });

  it("is taken over from a process that was killed", async () => {
    const { child } = await lockInChild();
    await kill(child);
    expect(existsSync(join(directory, "server.lock"))).toBe(true);
    const release = lockDataDirectory(directory);
    expect((await lockInChild()).said).toBe("DataDirectoryLockedError");
    release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it("goes to one of many that start over a dead one's", async () => {
    const { child } = await lockInChild();
    await kill(child);
    const answers = await Promise.all(Array.from({ length: 6 }, lockInChild));
    const winners = answers.filter(({ said }) => said === "locked");
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ said }) => said === "DataDirectoryLockedError")).toHaveLength(5);
  });

  it("is not fooled by a process id that another process has now", () => {
    const reused = JSON.stringify({ pid: process.ppid, startedAt: "1" });
    writeFileSync(join(directory, "server.lock"), reused);
    expect(() => lockDataDirectory(directory)()).not.toThrow();
  });

  it("is taken over when its file says nothing", () => {
    writeFileSync(join(directory, "server.lock"), "");
    expect(() => lockDataDirectory(directory)()).not.toThrow();
  });

  it("is held once even within one process, and released once", () => {
    const release = lockDataDirectory(directory);
    expect(() => lockDataDirectory(directory)).toThrow(DataDirectoryLockedError);
    release();
    const again = lockDataDirectory(directory);
    release();
    expect(existsSync(join(directory, "server.lock"))).toBe(true);
    again();
    expect(existsSync(join(directory, "server.lock"))).toBe(false);
  });
});
