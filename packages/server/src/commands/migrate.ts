import type { Command } from "commander";
import { JSON_OPTION } from "./json-option.ts";

/** `migrate`: brings the schema up to date and says what it did. */
export function addMigrateCommand(program: Command): void {
  program
    .command("migrate")
    .description("apply the SQL migrations that the database does not have yet")
    .option("--dry-run", "say what would be applied, change nothing")
    .option("--json", JSON_OPTION)
    .action(async (options: { dryRun?: boolean; json?: boolean }) => {
      const [{ readConfig }, { connectDatabase, migrate }] = await Promise.all([
        import("../config.ts"),
        import("../database/index.ts"),
      ]);
      const config = readConfig();
      const database = await connectDatabase({
        databaseUrl: config.databaseUrl,
        dataDirectory: config.dataDirectory,
      });
      try {
        const dryRun = options.dryRun ?? false;
        const names = await migrate(database, { dryRun });
        if (options.json === true) {
          process.stdout.write(`${JSON.stringify({ dry_run: dryRun, migrations: names })}\n`);
        } else {
          const verb = dryRun ? "Would apply" : "Applied";
          process.stdout.write(
            names.length === 0
              ? "The schema is up to date.\n"
              : `${names.map((name) => `${verb} ${name}`).join("\n")}\n`,
          );
        }
      } finally {
        await database.close();
      }
    });
}
