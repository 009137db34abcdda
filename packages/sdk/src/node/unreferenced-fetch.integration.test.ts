import { execFile } from "node:child_process";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import type { FetchInit } from "../transport/fetch.ts";
import { unreferencedFetch } from "./unreferenced-fetch.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const init = (change: Partial<FetchInit> = {}): FetchInit => ({
  method: "GET",
  headers: {},
  signal: new AbortController().signal,
  redirect: "error",
  ...change,
});

describe("unreferencedFetch", () => {
  it("sends method, headers and body, and reads the answer", async () => {
    const url = await serve((request, response) => {
      request.on("data", (chunk: Buffer) => {
        response.writeHead(201, { etag: '"7"', "set-cookie": ["a", "b"] });
        response.end(`${request.method} ${request.headers["x-test"]?.toString()} ${chunk.toString()}`);
      });
    });
    const response = await unreferencedFetch(
      url,
      init({ method: "POST", headers: { "x-test": "1" }, body: "b" }),
    );
    expect([response.status, response.headers.get("etag"), await response.text()]).toEqual([
      201,
      '"7"',
      "POST 1 b",
    ]);
  });

  it("reads answers that have no body, and follows no redirect", async () => {
    const url = await serve((request, response) => {
      response.writeHead(request.url === "/moved" ? 302 : 304, { location: "/elsewhere" }).end();
    });
    expect((await unreferencedFetch(url, init())).status).toBe(304);
    expect((await unreferencedFetch(`${url}/moved`, init())).status).toBe(302);
  });

  it("rejects when nobody listens, when the answer breaks off, and for a status that is none", async () => {
    await expect(unreferencedFetch("http://127.0.0.1:1", init())).rejects.toThrow("ECONNREFUSED");
    const url = await serve((request, response) => {
      if (request.url === "/999") response.socket?.end("HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n");
      else response.writeHead(200, { "content-length": 10 }).write("half", () => response.destroy());
    });
    const response = await unreferencedFetch(url, init());
    await expect(response.text()).rejects.toBeInstanceOf(Error);
    await expect(unreferencedFetch(`${url}/999`, init())).rejects.toThrow("status");
  });

  it("ends when aborted, before the answer and during it", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/half") response.writeHead(200).write("half");
    });
    const before = new AbortController();
    const pending = unreferencedFetch(url, init({ signal: before.signal }));
    before.abort();
    await expect(pending).rejects.toThrow("abort");
    const during = new AbortController();
    const response = await unreferencedFetch(`${url}/half`, init({ signal: during.signal }));
    during.abort();
    await expect(response.text()).rejects.toBeInstanceOf(Error);
  });

  it("lets the process end while it waits", async () => {
    const url = await serve(() => undefined);
    const module = new URL("./unreferenced-fetch.ts", import.meta.url).href;
    const code = `
      import { unreferencedFetch } from ${JSON.stringify(module)};
      const signal = new AbortController().signal;
      unreferencedFetch(${JSON.stringify(url)}, { method: "GET", headers: {}, signal, redirect: "error" });
      await new Promise((resolve) => setTimeout(resolve, 200));
      console.log("done");`;
    const args = ["--conditions=agent-learning-source", "--input-type=module", "--eval", code];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
    expect(stdout).toBe("done\n");
  });
});
