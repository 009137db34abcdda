import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../testing/test-api.ts";
import { describeEachEngine } from "../testing/test-database.ts";
import { createTestOrganization, type TestOrganization } from "../testing/test-organization.ts";

const MEBIBYTE = 1024 * 1024;

// What no well-behaved client library can send, byte for byte.
describeEachEngine("hostile bytes on the wire", (context) => {
  let api: TestApi;
  let organization: TestOrganization;
  let port: number;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    api = createTestApi(context.database);
    organization = await createTestOrganization(context.database);
    await api.server.listen({ port: 0, host: "127.0.0.1" });
    port = (api.server.server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await api.close();
  });

  async function open(): Promise<Socket> {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    // The server may hang up while we are still sending.
    socket.on("error", () => undefined);
    await once(socket, "connect");
    return socket;
  }

  /** Sends the bytes and reads until the server hangs up. */
  async function exchange(...parts: (string | Uint8Array)[]): Promise<string> {
    const socket = await open();
    let answer = "";
    socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
    const closed = once(socket, "close");
    for (const part of parts) socket.write(part);
    await closed;
    return answer;
  }

  const head = (...lines: string[]): string =>
    [
      "POST /api/learning/agents HTTP/1.1",
      "host: localhost",
      "connection: close",
      `authorization: Bearer ${organization.members.admin.key}`,
      "content-type: application/json",
      ...lines,
      "\r\n",
    ].join("\r\n");

  const expectProblem = (answer: string, status: number): void => {
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain("application/problem+json");
  };

  it("reads no compressed body: a bomb stays as small as it came", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MEBIBYTE, " "));
    const before = process.memoryUsage().arrayBuffers;
    const answer = await exchange(head("content-encoding: gzip", `content-length: ${bomb.length}`), bomb);
    expectProblem(answer, 400);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * MEBIBYTE);
  });

  it("stops reading a body without an end at its limit", async () => {
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    const answer = await exchange(head("transfer-encoding: chunked"), chunk.repeat(40));
    expectProblem(answer, 413);
  });

  it("refuses two lengths, and headers without an end", async () => {
    const twice = head("content-length: 2", "transfer-encoding: chunked");
    expectProblem(await exchange(twice, "0\r\n\r\n"), 400);
    expectProblem(await exchange(head(`x-long: ${"a".repeat(64 * 1024)}`)), 431);
    expectProblem(await exchange("GET / HTTP/1.1\r\nhost: \0\r\n\r\n"), 400);
    expectProblem(await exchange("\x16\x03\x01 this is TLS\r\n\r\n"), 400);
  });

  it("answers others while many send slowly, and has a time after which it hangs up on those", async () => {
    for (let slow = 0; slow < 50; slow += 1)
      (await open()).write("POST /api/learning/agents HTTP/1.1\r\nhost:");
    const since = performance.now();
    expect((await api.call(organization, "GET", "/agents")).status).toBe(200);
    const other = await fetch(`http://127.0.0.1:${port}/health`);
    expect(other.status).toBe(200);
    expect(performance.now() - since).toBeLessThan(5_000);
    expect(api.server.server).toMatchObject({ headersTimeout: 10_000, keepAliveTimeout: 65_000 });
  });
});
