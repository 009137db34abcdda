// The dashboard's first view, its pages, a list as it is scrolled, and the next annotation in a real Chromium, over a million executions, feedback, examples
// and annotation tasks each.
//
//   DATABASE_URL=postgres://postgres@127.0.0.1:5432 node --conditions=agent-learning-source benchmarks/dashboard-speed.ts
//
// Run `npm run build` before: it measures what users get. Makes a database of its own and drops it. A page is opened in a fresh
// context, so that nothing is cached; `drawn` is when the page's own numbers or rows stand there and nothing is waited for any more.
// Options: --rows N (1000000), --loads N of each page (5).
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright-core";
import { connectDatabase, migrate } from "../packages/server/src/database/index.ts";
import { fillDatabase } from "../packages/server/src/testing/scale/fill-database.ts";
import { scaleId } from "../packages/server/src/testing/scale/scale-ids.ts";
import { openScaleApi, SCALE_KEY } from "../packages/server/src/testing/scale/scale-api.ts";
import { findChromium, launchChromium } from "../packages/react/src/testing/launch-chromium.ts";
import { openDatabase } from "./feedback-ingestion/database.ts";
import { startServer } from "./feedback-ingestion/server-process.ts";

const { values: options } = parseArgs({
  options: { rows: { type: "string", default: "1000000" }, loads: { type: "string", default: "5" } },
});
const rows = Number(options.rows);
const loads = Number(options.loads);
const url = process.env.DATABASE_URL ?? process.env.TEST_DATABASE_URL;
if (url === undefined || url === "") {
  process.stderr.write(
    "Set DATABASE_URL to a PostgreSQL server on which databases may be created by a superuser.\n",
  );
  process.exit(2);
}
if (findChromium() === undefined) {
  process.stderr.write("There is no Chromium: install it, or set CHROMIUM_PATH.\n");
  process.exit(2);
}

const AGENT = "my-agent";
const PAGES = {
  "first view (overview)": "/",
  feedback: "/feedback",
  executions: "/executions",
  examples: "/examples",
  annotation: "/admin/learning/annotation",
  queues: "/queues",
  "a queue": `/queues/${scaleId("queue", 1)}`,
  retrieval: "/retrieval",
  behaviour: "/behavior",
  runs: "/runs",
  "a run of fine-tuning": `/runs/${scaleId("run", 5)}`,
  experiments: "/experiments",
  rollouts: "/rollouts",
  audit: "/audit",
} as const;

// A machine with other work must come to an end too; what it took is in the table.
const PATIENCE_MILLISECONDS = 180_000;

interface Load {
  drawn: number;
  shift: number;
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Watches, in the page, when nothing is waited for any more, and how much moved. */
function watchPage(): void {
  const seen = { shift: 0, drawn: 0 };
  Object.assign(globalThis, { seen });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
      seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  let before = 0;
  const look = (): void => {
    const page = document.querySelector("main h1");
    const waits = document.querySelector(".skeleton, [aria-busy=true]");
    const now = performance.now();
    // Two frames in a row: a part that has just come may bring another that waits.
    if (page === null || waits !== null) before = 0;
    else if (before === 0) before = now;
    else {
      seen.drawn = before;
      return;
    }
    requestAnimationFrame(look);
  };
  look();
}

async function openPage(browser: Browser, base: string, path: string): Promise<{ page: Page; load: Load }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addInitScript((key) => sessionStorage.setItem("agent-learning.key", key), SCALE_KEY);
  await context.addInitScript(watchPage);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MILLISECONDS);
  await page.goto(`${base}${path}?agent=${AGENT}`);
  await page.waitForFunction(() => (globalThis as unknown as { seen: Load }).seen.drawn > 0);
  await page.waitForTimeout(300);
  return { page, load: await page.evaluate(() => (globalThis as unknown as { seen: Load }).seen) };
}

/** Milliseconds from the key to the next task, for each of a few. */
async function timeNextTasks(browser: Browser, base: string): Promise<number[]> {
  const { page } = await openPage(browser, base, PAGES.annotation);
  await page.keyboard.press("c");
  await page.locator("[data-task]").waitFor();
  const times: number[] = [];
  for (let count = 0; count < 10; count += 1) {
    // People read; meanwhile the next ones are claimed.
    await page.waitForTimeout(600);
    await page.keyboard.press("8");
    await page.evaluate(() => {
      const shown = (): string | undefined =>
        document.querySelector<HTMLElement>("[data-task]")?.dataset["task"];
      const old = shown();
      const seen = { took: 0 };
      Object.assign(globalThis, { next: seen });
      addEventListener(
        "keydown",
        () => {
          const start = performance.now();
          const look = (): void => {
            const now = shown();
            if (now !== undefined && now !== old) seen.took = performance.now() - start;
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        },
        { once: true, capture: true },
      );
    });
    await page.keyboard.press("a");
    await page.waitForFunction(() => (globalThis as unknown as { next: { took: number } }).next.took > 0);
    times.push(await page.evaluate(() => (globalThis as unknown as { next: { took: number } }).next.took));
  }
  await page.context().close();
  return times;
}

/** Scrolls a list of the API's rows as a wheel does for ten seconds: what each frame took, and how many rows came meanwhile. */
async function timeScrolling(browser: Browser, base: string): Promise<{ frames: number[]; rows: number }> {
  const { page } = await openPage(browser, base, PAGES.executions);
  const seen = await page.evaluate(async () => {
    const frames: number[] = [];
    const start = await new Promise<number>(requestAnimationFrame);
    for (let before = start; before < start + 10_000;) {
      scrollBy(0, 120);
      const now = await new Promise<number>(requestAnimationFrame);
      frames.push(now - before);
      before = now;
    }
    const body = document.querySelector(".row-table-body");
    return { frames, rows: Math.round((body?.getBoundingClientRect().height ?? 0) / 44) };
  });
  await page.context().close();
  return seen;
}

const database = await openDatabase(url);
try {
  const connection = await connectDatabase({ databaseUrl: database.url, dataDirectory: "" });
  await migrate(connection);
  await connection.close();
  const started = performance.now();
  await fillDatabase(database.url, { rows });
  // Lets the administrator of the filled organization in.
  await (await openScaleApi(database.url)).close();
  console.log(`${rows} rows of each kind made in ${Math.round((performance.now() - started) / 1000)} s`);
  const server = await startServer(database.url);
  const browser = await launchChromium();
  try {
    const table: Record<string, unknown>[] = [];
    for (const [name, path] of Object.entries(PAGES)) {
      const seen: Load[] = [];
      for (let load = 0; load < loads; load += 1) {
        const opened = await openPage(browser, server.url, path);
        seen.push(opened.load);
        await opened.page.context().close();
      }
      table.push({
        page: name,
        "first load, ms": Math.round(seen[0]?.drawn ?? 0),
        "median, ms": Math.round(median(seen.map(({ drawn }) => drawn))),
        "least, ms": Math.round(Math.min(...seen.map(({ drawn }) => drawn))),
        "layout shift": Number(Math.max(...seen.map(({ shift }) => shift)).toFixed(4)),
      });
    }
    console.table(table);
    const { frames, rows: loaded } = await timeScrolling(browser, server.url);
    const sorted = frames.toSorted((a, b) => a - b);
    const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
    console.log(
      `scrolling executions: ${frames.length} frames, median ${at(0.5)} ms, 99 of 100 within ${at(0.99)} ms, most ${at(0.9999)} ms, ${loaded} rows`,
    );
    const next = await timeNextTasks(browser, server.url);
    console.log(
      `next annotation: median ${Math.round(median(next))} ms, at most ${Math.round(Math.max(...next))} ms, of ${next.length}`,
    );
  } finally {
    await browser.close();
    await server.stop();
  }
} finally {
  await database.drop();
}
