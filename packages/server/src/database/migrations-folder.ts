import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder of numbered SQL files: beside the package when installed, at the repository's root when developed. */
export function findMigrationsFolder(): string {
  const candidates = ["../../migrations/", "../../../../supabase/migrations/"];
  for (const candidate of candidates) {
    const folder = fileURLToPath(new URL(candidate, import.meta.url));
    if (existsSync(folder)) return folder;
  }
  throw new Error("The SQL migrations are missing from this installation: reinstall @agent-learning/server.");
}
