import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ProblemError } from "../../http/index.ts";

/** Largest file, in bytes. */
export const LARGEST_IMPORT: number = 4 * 1024 ** 3;

/** Files of one import, removed with `remove`. */
export interface Spool {
  /** What the caller sent. */
  path: string;
  /** Where refused rows are written. */
  rejectionsPath: string;
  remove(): Promise<void>;
}

/**
 * Writes an upload to disk: it can then be read twice, and a slow database does not hold the caller's connection half read.
 * @throws ProblemError payload-too-large
 */
export async function spool(body: Readable, signal: AbortSignal): Promise<Spool> {
  const folder = await mkdtemp(join(tmpdir(), "agent-learning-import-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const path = join(folder, "rows");
  let bytes = 0;
  try {
    await pipeline(
      body,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          if (bytes > LARGEST_IMPORT) throw tooLarge();
          yield chunk;
        }
      },
      createWriteStream(path, { mode: 0o600 }),
      { signal },
    );
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, rejectionsPath: join(folder, "rejections"), remove };
}

function tooLarge(): ProblemError {
  return new ProblemError(
    "payload-too-large",
    `The file is larger than ${LARGEST_IMPORT / 1024 ** 3} GiB. Split it: rows that are there already are not imported twice.`,
    { errors: [{ path: "body", message: "is too large" }] },
  );
}
