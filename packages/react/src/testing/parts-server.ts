import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Application, readConfig, startApplication } from "@agent-learning/server";
import { build } from "esbuild";

const ADMIN_KEY = "als_admin_key_of_the_browser_tests";
const PAGES = ["feedback", "annotation", "dashboard"] as const;

/** No inline script or style, nothing from elsewhere: what a careful application allows. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

type Files = ReadonlyMap<string, { type: string; text: string }>;

async function bundlePages(): Promise<Files> {
  const folder = join(dirname(fileURLToPath(import.meta.url)), "pages");
  const { outputFiles } = await build({
    entryPoints: PAGES.map((page) => join(folder, `${page}.tsx`)),
    outdir: "/parts",
    bundle: true,
    format: "esm",
    jsx: "automatic",
    target: "es2022",
    conditions: ["agent-learning-source"],
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
    logLevel: "warning",
  });
  return new Map(
    outputFiles.map(({ path, text }) => [
      path.slice(path.lastIndexOf("/") + 1),
      { type: path.endsWith(".css") ? "text/css" : "text/javascript", text },
    ]),
  );
}

const documentOf = (page: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${page}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/parts/${page}.css"></head>
<body><main id="root"></main><script type="module" src="/parts/${page}.js"></script></body></html>`;

/** A learning server with pages that show the parts, on its own origin. */
export interface PartsServer {
  readonly origin: string;
  /** A call to `/api/learning` + path with an admin's key. */
  call: <T>(method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<T>;
  adminKey: string;
  /** Ends it as a crash would look like from outside: nothing listens any more. */
  kill: () => Promise<void>;
  /** Starts it again on the same port and database. */
  restart: () => Promise<void>;
  close: () => Promise<void>;
}

export async function startPartsServer(): Promise<PartsServer> {
  const files = await bundlePages();
  const dataDirectory = mkdtempSync(join(tmpdir(), "als-parts-"));
  let application: Application | undefined;
  let port = 0;

  async function start(): Promise<void> {
    const config = {
      ...readConfig({
        LEARNING_DATA_DIR: dataDirectory,
        LEARNING_ADMIN_KEY: ADMIN_KEY,
        LEARNING_LOG_LEVEL: "error",
      }),
      allowClock: true,
    };
    application = await startApplication(config);
    const { server } = application;
    server.get<{ Params: { file: string } }>("/parts/:file", async ({ params }, reply) => {
      const file = files.get(params.file);
      void reply.headers({ "content-security-policy": POLICY, "x-content-type-options": "nosniff" });
      if (file !== undefined) return reply.type(file.type).send(file.text);
      return reply.type("text/html").send(documentOf(params.file));
    });
    await server.listen({ port, host: "127.0.0.1" });
    port = (server.server.address() as { port: number }).port;
  }

  await start();
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    adminKey: ADMIN_KEY,
    call: async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const response = await fetch(`${origin}/api/learning${path}`, {
        method,
        headers: {
          authorization: `Bearer ${ADMIN_KEY}`,
          ...headers,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return (text === "" ? undefined : JSON.parse(text)) as T;
    },
    kill: async () => {
      await application?.stop();
      application = undefined;
    },
    restart: start,
    close: async () => {
      await application?.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}
