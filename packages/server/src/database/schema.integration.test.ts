import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);
const script = fileURLToPath(new URL("../../../../scripts/generate-database-types.ts", import.meta.url));

/** The formatter breaks lines and adds commas; neither changes a type. */
function withoutLayout(source: string): string {
  return source.replaceAll(/\s+/g, "").replaceAll(",}", "}");
}

it("schema.ts is what the migrations generate", async () => {
  const directory = mkdtempSync(join(tmpdir(), "als-types-"));
  try {
    const fresh = join(directory, "schema.ts");
    await run(process.execPath, [script, fresh]);
    const stored = readFileSync(new URL("schema.ts", import.meta.url), "utf8");
    expect(withoutLayout(stored)).toBe(withoutLayout(readFileSync(fresh, "utf8")));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
