import { defineConfig } from "vitest/config";

// `unit` needs no database and runs in seconds (`npm run verify`). `integration` starts PostgreSQL and PGlite.
// What works with real processes is tried once more when it fails; the report names it with "retry x1", and it is a defect to mend.
// A test that needs a database, a server process or a file of its own is named *.integration.test.ts. `browser` needs an installed
// Chromium and says when there is none: *.browser.test.ts.
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
          sequence: { groupOrder: 0 },
          // They share nothing but what they import: loading that once halves the time.
          isolate: false,
          // Each takes a fraction of a second; a machine that does much else must not fail them.
          testTimeout: 60_000,
          include: ["{packages,apps}/**/src/**/*.test.{ts,tsx}", "benchmarks/**/*.test.ts"],
          exclude: [
            "**/*.integration.test.{ts,tsx}",
            "**/*.browser.test.{ts,tsx}",
            "**/node_modules/**",
            "**/dist/**",
          ],
        },
      },
      {
        ...shared,
        test: {
          name: "integration",
          sequence: { groupOrder: 1 },
          include: ["packages/**/src/**/*.integration.test.{ts,tsx}"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          globalSetup: [
            "packages/server/src/testing/build.global.ts",
            "packages/server/src/testing/postgres.global.ts",
          ],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          retry: 1,
          maxWorkers: 2,
        },
      },
      {
        ...shared,
        test: {
          name: "browser",
          sequence: { groupOrder: 2 },
          include: ["{packages,apps}/**/src/**/*.browser.test.{ts,tsx}"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          retry: 1,
          expect: { poll: { timeout: 15_000 } },
          maxWorkers: 1,
        },
      },
    ],
  },
});
