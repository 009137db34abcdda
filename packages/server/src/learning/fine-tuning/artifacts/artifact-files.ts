import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Config } from "../../../config.ts";

/** A stored file is not what it was said to be. */
export class ArtifactMismatch extends Error {
  override name = "ArtifactMismatch";
}

/** Where trainers work and what they made is kept. Several servers share it, or only one of them works. */
export function trainingDirectory(config: Pick<Config, "dataDirectory" | "training">): string {
  return resolve(config.training.directory ?? join(config.dataDirectory, "training"));
}

/** The place of an artifact: by organization and hash, whatever it was called. */
export function artifactPath(config: Config, organizationId: string, sha256: string): string {
  return join(trainingDirectory(config), "artifacts", organizationId, sha256);
}

/** SHA-256 of a file, hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/**
 * Copies a file to its place, and makes sure on the way that it is what it is said to be.
 * @throws ArtifactMismatch when it is not; nothing is stored then
 */
export async function storeFile(
  config: Config,
  organizationId: string,
  file: { path: string; name: string; sha256: string; bytes: number },
): Promise<void> {
  const place = artifactPath(config, organizationId, file.sha256);
  await mkdir(join(place, ".."), { recursive: true });
  const aside = `${place}.${randomUUID()}.part`;
  const hash = createHash("sha256");
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  try {
    await pipeline(createReadStream(file.path), measure, createWriteStream(aside, { flush: true }));
    const found = hash.digest("hex");
    if (found !== file.sha256 || bytes !== file.bytes) {
      throw new ArtifactMismatch(
        `${file.name} is not the file that the trainer announced: ${bytes} bytes with the hash ${found} instead of ${file.bytes} bytes with ${file.sha256}.`,
      );
    }
    await rename(aside, place);
  } finally {
    await rm(aside, { force: true });
  }
}

/**
 * Makes sure that a stored file is there and is what was reviewed.
 * @throws ArtifactMismatch
 */
export async function verifyFile(
  config: Config,
  organizationId: string,
  { name, sha256 }: { name: string; sha256: string },
): Promise<string> {
  const place = artifactPath(config, organizationId, sha256);
  const isThere = await stat(place).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isThere) throw new ArtifactMismatch(`${name} is not in the store any more.`);
  if ((await hashFile(place)) !== sha256)
    throw new ArtifactMismatch(`${name} in the store is not the file that was made and reviewed.`);
  return place;
}
