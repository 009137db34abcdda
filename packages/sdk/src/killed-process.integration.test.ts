import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { V2 } from "./serving/serving.testing.ts";
import { type AgentProcess, startAgent } from "./testing/agent-process.ts";
import { type FakeServer, startFakeServer } from "./testing/fake-server.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

let server: FakeServer;
let directory: string;
beforeEach(async () => {
  server = await startFakeServer();
  directory = await temporaryFolder();
});
afterEach(() => server.close());
const start = (flush = ""): Promise<AgentProcess> => startAgent(server.url, directory, flush);

describe("an agent's process", () => {
  it("loses nothing and doubles nothing, killed ten times while the server is away, and half the time there", async () => {
    const expected = new Set<string>();
    for (let life = 0; life < 10; life += 1) {
      // Even lives: the connection breaks, often after the request took effect.
      const away = life % 2 === 0;
      server.misbehave = ({ response }) => {
        if (!away) return false;
        response.destroy();
        return life % 4 === 0 ? "store" : true;
      };
      const agent = await start();
      await agent.ask(`record life${life}`);
      expect(await agent.ask("disk")).toBe(true);
      for (let i = 0; i < 200; i += 1) expected.add(`life${life}-${i}`);
      // Some lives end in the middle of sending.
      await new Promise((resolve) => setTimeout(resolve, life * 15));
      await agent.kill("SIGKILL");
    }
    server.misbehave = undefined;
    const last = await start();
    expect(await last.ask("flush")).toBe(true);
    expect(new Set(server.executions.keys())).toEqual(expected);
    // By Idempotency-Key: each vote of each life once.
    const votes = [...server.feedback.values()].map(({ feedback }) => feedback.execution_id);
    expect([votes.length, new Set(votes).size]).toEqual([200, 200]);
    expect(await last.ask("stats")).toMatchObject({ dropped: { storage: 0, full: 0 }, disk: { items: 0 } });
  }, 120_000);

  it("ends by itself with a long poll open, and its next life sends what was left", async () => {
    const agent = await start();
    await agent.ask("ready");
    server.misbehave = ({ request }) => request.method === "POST";
    await agent.ask("record first");
    await agent.ask("disk");
    agent.tell("leave");
    agent.child.stdin?.end();
    const { code } = await agent.exited;
    expect(code).toBe(0);
    server.misbehave = undefined;
    const next = await start();
    expect(await next.ask("flush")).toBe(true);
    expect(server.executions.size).toBe(200);
  });

  it("has what it recorded in the very moment of process.exit", async () => {
    server.misbehave = ({ response }) => {
      response.destroy();
      return true;
    };
    const agent = await start();
    agent.tell("exit");
    expect((await agent.exited).code).toBe(0);
    server.misbehave = undefined;
    const next = await start();
    await next.ask("flush");
    expect(server.executions.size).toBe(20);
  });

  it("sends what is left on SIGTERM and then ends by it, when asked to", async () => {
    const agent = await start("flush");
    await agent.ask("ready");
    await agent.ask("record first");
    agent.child.kill("SIGTERM");
    expect((await agent.exited).signal).toBe("SIGTERM");
    expect(server.executions.size).toBe(200);
    expect(server.feedback.size).toBe(20);
  });

  it("sends what is left when it ends by itself, when asked to", async () => {
    const agent = await start("flush");
    await agent.ask("record first");
    agent.tell("leave");
    agent.child.stdin?.end();
    expect((await agent.exited).code).toBe(0);
    expect(server.executions.size).toBe(200);
  });

  it("runs its last known version with the server down from the start", async () => {
    server.serving = { ...server.serving, default_version_id: V2 };
    const agent = await start();
    await agent.ask("ready");
    await agent.ask("disk");
    await agent.kill("SIGKILL");
    await server.close();
    const next = await start();
    expect(next.said[0]).toMatchObject({ resolved: { versionId: V2, reason: "default" } });
    await next.ask("record offline");
    expect(await next.ask("disk")).toBe(true);
    const { port } = server;
    server = await startFakeServer(port);
    expect(await next.ask("flush")).toBe(true);
    expect(server.executions.size).toBe(200);
  });
});
