import { defineConfig } from "vitest/config";

// `unit` needs no database and runs in seconds (`npm run verify`). `integration` starts PostgreSQL and PGlite.
// A test that needs a database, a server process or a file of its own is named *.integration.test.ts.
const conditions = ["agent-learning-source"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };

export default defineConfig({
  ...shared,
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          include: ["packages/**/src/**/*.test.ts"],
          exclude: ["**/*.integration.test.ts", "**/node_modules/**", "**/dist/**"],
        },
      },
      {
        ...shared,
        test: {
          name: "integration",
          include: ["packages/**/src/**/*.integration.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          globalSetup: ["packages/server/src/testing/postgres.global.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
