import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gzipSync } from "node:zlib";
import { fastify, type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDashboard } from "./read-dashboard.ts";
import { serveDashboard } from "./serve-dashboard.ts";

const PAGE = "<!doctype html><title>The dashboard</title>";
const SCRIPT = "export const answer = 42;\n".repeat(50);
const BROWSER = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

let folder: string;
let server: FastifyInstance;
let empty: FastifyInstance;

function serve(dashboard: string): FastifyInstance {
  const made = fastify();
  made.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ problem: true }));
  made.get("/api/learning/agents", async () => ({ api: true }));
  serveDashboard(made, readDashboard(dashboard));
  return made;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dashboard-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), PAGE);
  writeFileSync(join(folder, ".built-from"), "a stamp");
  const script = join(folder, "assets", "main-abc.js");
  writeFileSync(script, SCRIPT);
  writeFileSync(`${script}.br`, brotliCompressSync(SCRIPT));
  writeFileSync(`${script}.gz`, gzipSync(SCRIPT));
  server = serve(folder);
  empty = serve(join(folder, "none"));
});

afterAll(async () => {
  await server.close();
  await empty.close();
  rmSync(folder, { recursive: true });
});

describe("serveDashboard", () => {
  it.each(["/", "/experiments/01a2236b-1122-7704-a116-24445e36b222?agent=my-agent", "/index.html"])(
    "sends the page at %s, asked again each time",
    async (url) => {
      const answer = await server.inject({ url, headers: BROWSER });
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toBe(PAGE);
      expect(answer.headers["cache-control"]).toBe("no-cache");
    },
  );

  it("forbids inline script and style, foreign addresses and frames", async () => {
    const { headers } = await server.inject({ url: "/", headers: BROWSER });
    const policy = String(headers["content-security-policy"]);
    expect(policy).not.toContain("unsafe-");
    expect(policy).not.toMatch(/https?:|data:|blob:|\*/);
    for (const directive of [
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
    ])
      expect(policy).toContain(directive);
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it("sends assets for ever, compressed as the browser can take them", async () => {
    const url = "/assets/main-abc.js";
    const brotli = await server.inject({ url, headers: { "accept-encoding": "gzip, deflate, br" } });
    expect(brotli.headers).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "content-encoding": "br",
      "content-type": "text/javascript; charset=utf-8",
      vary: "Accept-Encoding",
    });
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(SCRIPT);
    const gzip = await server.inject({ url, headers: { "accept-encoding": "gzip, br;q=0" } });
    expect(gzip.headers["content-encoding"]).toBe("gzip");
    const plain = await server.inject({ url });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(plain.body).toBe(SCRIPT);
  });

  it("answers 304 to who has the file", async () => {
    const first = await server.inject({ url: "/" });
    const again = await server.inject({ url: "/", headers: { "if-none-match": String(first.headers.etag) } });
    expect(again.statusCode).toBe(304);
    expect(again.body).toBe("");
  });

  it("answers HEAD without a body", async () => {
    const answer = await server.inject({ method: "HEAD", url: "/" });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe("");
  });

  it.each([
    ["an unknown route of the API", "/api/learning/nothing", BROWSER],
    ["an asset of an earlier build", "/assets/main-old.js", BROWSER],
    ["an unknown address, asked by a program", "/experiments", { accept: "application/json" }],
    ["the stamp of the build", "/.built-from", {}],
    ["a file outside", "/..%2f..%2fetc%2fpasswd", {}],
  ])("leaves %s to the API's 404", async (_name, url, headers) => {
    const answer = await server.inject({ url, headers });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toEqual({ problem: true });
  });

  it("does not stand before the API", async () => {
    expect((await server.inject({ url: "/api/learning/agents", headers: BROWSER })).json()).toEqual({
      api: true,
    });
  });

  it("says what to do when it was not built", async () => {
    const answer = await empty.inject({ url: "/", headers: BROWSER });
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain("npm run build");
    expect(answer.headers["cache-control"]).toBe("no-store");
  });
});
