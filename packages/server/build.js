// Puts beside the compiled code what tsc does not: the demo's data and the SQL migrations.
import { cpSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

mkdirSync(here("./dist/demo/data"), { recursive: true });
cpSync(here("./src/demo/data/support-messages.csv"), here("./dist/demo/data/support-messages.csv"));
cpSync(here("../../supabase/migrations/"), here("./migrations/"), { recursive: true });
