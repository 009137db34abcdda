import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export interface View {
  width?: number;
  theme?: "light" | "dark";
}

/** A page in a context of its own, and what it asked for or threw that it should not have. */
export interface OpenPage {
  page: Page;
  /** Requests to any other origin. */
  foreign: string[];
  /** Uncaught errors, refused resources, dialogs. */
  errors: string[];
  close: () => Promise<void>;
}

export async function openPage(browser: Browser, origin: string, view: View = {}): Promise<OpenPage> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width: view.width ?? 900, height: 800 },
    colorScheme: view.theme ?? "light",
    // axe is put in by the test, past the page's policy.
    bypassCSP: false,
  });
  const page = await context.newPage();
  const [foreign, errors]: [string[], string[]] = [[], []];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith("data:,")) foreign.push(url);
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("dialog", (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) errors.push(message.text());
  });
  return {
    page,
    foreign,
    errors,
    close: async () => {
      // A context with a crashed page may never say that it closed; the browser's end takes it along.
      await Promise.race([context.close(), new Promise((resolve) => setTimeout(resolve, 5_000))]);
    },
  };
}

/** Throws when a page asked for anything elsewhere, ran into an error or had something refused. */
export function assertQuiet({ errors, foreign }: OpenPage): void {
  const heard = [...errors, ...foreign.map((url) => `request to ${url}`)];
  if (heard.length > 0) throw new Error(heard.join("\n"));
}

/** What axe finds wrong, in words. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readAxe());
  const { violations: found } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary}`),
  );
}

let axe: string | undefined;
async function readAxe(): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  axe ??= await readFile(axePath, "utf8");
  return axe;
}

/** Controls that are smaller than 24 px in a direction. */
export async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("button, summary, a[href], label:has(input), input[type=range]")]
      .filter((element) => element.getClientRects().length > 0)
      .flatMap((element) => {
        const { width, height } = element.getBoundingClientRect();
        return width < 24 || height < 24 ? [`${element.outerHTML.slice(0, 80)} ${width}x${height}`] : [];
      }),
  );
}

/** A picture for people, into SCREENSHOTS when that is set. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
