import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A file of the dashboard as it is sent, in each encoding that the build made. */
export interface DashboardFile {
  type: string;
  etag: string;
  /** Its name changes with its content. */
  immutable: boolean;
  plain: Buffer;
  encoded: { encoding: "br" | "gzip"; body: Buffer }[];
}

/** The built dashboard by path: `/index.html`, `/assets/…`. Empty when it was not built. */
export type Dashboard = ReadonlyMap<string, DashboardFile>;

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};

const ENCODINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;

const BUILT = fileURLToPath(new URL("../../../dashboard/", import.meta.url));

/** Reads the built files, a few hundred kilobytes, into memory: no request ever names a path on disk. */
export function readDashboard(folder: string = BUILT): Dashboard {
  const files = new Map<string, DashboardFile>();
  if (!existsSync(folder)) return files;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const file = join(folder, name);
    const plain = readFileSync(file);
    const path = `/${name.replaceAll("\\", "/")}`;
    files.set(path, {
      type,
      etag: `"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`,
      immutable: path.startsWith("/assets/"),
      plain,
      encoded: ENCODINGS.filter(([, suffix]) => existsSync(file + suffix)).map(([encoding, suffix]) => ({
        encoding,
        body: readFileSync(file + suffix),
      })),
    });
  }
  return files;
}
