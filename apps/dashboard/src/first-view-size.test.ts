import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const BUILT = fileURLToPath(new URL("../../../packages/server/dashboard/", import.meta.url));
const ASSETS = `${BUILT}assets/`;
const LIMIT_KILOBYTES = 250;

/** A script and every script that it imports at once, not those that it may load later. */
function closure(name: string, found: Set<string> = new Set()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  const source = readFileSync(ASSETS + name, "utf8");
  for (const match of source.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g))
    closure(match[1] ?? "", found);
  return found;
}

function chunk(prefix: string): string {
  const name = readdirSync(ASSETS).find((file) => file.startsWith(`${prefix}-`) && file.endsWith(".js"));
  if (name === undefined) throw new Error(`the build has no ${prefix}-*.js`);
  return name;
}

// `npm run verify` and `npm test` build first; a bare `vitest` in a fresh clone has nothing to weigh.
describe.skipIf(!existsSync(BUILT))("what the first view loads", () => {
  it(`is at most ${LIMIT_KILOBYTES} kB of script, compressed, its charts included`, () => {
    const entry = /src="\/assets\/([\w.-]+\.js)"/.exec(readFileSync(`${BUILT}index.html`, "utf8"))?.[1];
    const scripts = new Set(
      [entry ?? "", chunk("overview"), chunk("canvas")].flatMap((name) => [...closure(name)]),
    );
    const bytes = [...scripts].reduce((sum, name) => sum + gzipSync(readFileSync(ASSETS + name)).length, 0);
    expect(scripts.size).toBeGreaterThan(3);
    expect(bytes / 1_000).toBeGreaterThan(50);
    expect(bytes / 1_000).toBeLessThan(LIMIT_KILOBYTES);
  });

  it("names nothing outside the server", () => {
    const page = readFileSync(`${BUILT}index.html`, "utf8");
    expect(
      [...page.matchAll(/(?:src|href)="([^"]*)"/g)]
        .map((match) => match[1])
        .filter((address) => !(address ?? "").startsWith("/")),
    ).toEqual([]);
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|<style|\son\w+=/);
  });
});
