import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { HOSTILE_TEXTS } from "./testing/hostile-texts.ts";
import { openPage, type Watched } from "./testing/open-browser.ts";
import { describeInChromium, launchChromium } from "../../../packages/react/src/testing/chromium.ts";
import { type Addresses, PAGES, seedWorld } from "./testing/seed-world.ts";
import { startServer, type TestServer } from "./testing/start-server.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
}

/**
 * What axe finds, a line for each. The script comes in through the debugger, which no policy of the page concerns. Colours are all
 * that a second theme changes.
 */
async function findBarriers(page: Page, onlyColours: boolean): Promise<string[]> {
  await page.evaluate(AXE);
  const options = { resultTypes: ["violations"], ...(onlyColours ? { runOnly: ["color-contrast"] } : {}) };
  const { violations } = await page.evaluate<AxeResult>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 160)}`),
  );
}

async function settle(page: Page): Promise<void> {
  await page.locator("main h1").waitFor();
  await page.waitForFunction(
    () => document.querySelector(".skeleton") === null && document.querySelector("[aria-busy=true]") === null,
  );
}

/** What no text may have brought into the page. */
function strangeElements(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [
      ...document.querySelectorAll(
        "script:not([src^='/']), iframe, object, embed, base, form[action], img:not([src='/favicon.svg']), a[href^='javascript:'], [onerror], [onload]",
      ),
    ]
      .filter((element) => element.getAttribute("src")?.startsWith(location.origin) !== true)
      .map((element) => element.outerHTML.slice(0, 200)),
  );
}

describeInChromium("every page, full of hostile texts", () => {
  let server: TestServer;
  let browser: Browser;
  let addresses: Addresses;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
    addresses = await seedWorld(server, HOSTILE_TEXTS);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = (options: Parameters<typeof openPage>[2] = {}): Promise<Watched> =>
    openPage(browser, server.url, { key: server.adminKey, ...options });

  it("has 200 hostile texts", () => {
    expect(new Set(HOSTILE_TEXTS).size).toBeGreaterThanOrEqual(200);
  });

  // One load of a page for all that is looked at: what it does, its barriers in both themes, and whether it fits a telephone.
  it.each(PAGES)(
    "%s: runs nothing, asks nobody else, stands in nobody's way, and fits 360 pixels",
    async (name) => {
      // Colours that are on their way from one theme to the other are of neither.
      const { context, page, offences } = await open({ colorScheme: "light", reducedMotion: "reduce" });
      await page.goto(server.url + addresses[name]);
      await settle(page);
      expect(await strangeElements(page)).toEqual([]);
      expect(await findBarriers(page, false)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.locator("html[data-theme=dark]").waitFor({ state: "attached" });
      expect(await findBarriers(page, true)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      await settle(page);
      // What measures itself follows the new width a moment later.
      const excess = (): Promise<number> =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await expect.poll(excess).toBe(0);
      expect(offences).toEqual([]);
      await context.close();
    },
  );

  it("shows every text as it is, down to the last row of a list", async () => {
    const { context, page, offences } = await open();
    await page.goto(`${server.url}${addresses.execution}`);
    await settle(page);
    const shown = (await page.locator(".text-block").first().textContent()) ?? "";
    expect(HOSTILE_TEXTS.filter((text) => !shown.includes(text))).toEqual([]);
    await page.goto(`${server.url}${addresses.feedback}`);
    await settle(page);
    const seen = new Set<string>();
    for (let top = -1, next = 0; next !== top;) {
      top = next;
      for (const cell of await page.locator("[role=row] [role=cell]:nth-child(2)").allTextContents())
        seen.add(cell);
      next = await page.evaluate(async (by) => {
        scrollBy(0, by);
        for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
        return scrollY;
      }, 600);
    }
    expect(HOSTILE_TEXTS.filter((text) => !seen.has(text))).toEqual([]);
    expect(await strangeElements(page)).toEqual([]);
    expect(offences).toEqual([]);
    await context.close();
  });

  it("draws and names tools as they are called, whatever that is", async () => {
    const { context, page, offences } = await open();
    await page.goto(`${server.url}${addresses.behavior}`);
    await settle(page);
    const tools = await page
      .getByRole("region", { name: /Calls, failures/ })
      .getByRole("button")
      .allTextContents();
    expect(tools.length).toBeGreaterThan(60);
    const called = new Set(HOSTILE_TEXTS.map((text) => text.slice(0, 100).trim()));
    expect(tools.filter((tool) => !called.has(tool))).toEqual([]);
    expect(await strangeElements(page)).toEqual([]);
    expect(offences).toEqual([]);
    await context.close();
  });

  it("leads from a dataset's splits and types to the examples that they count", async () => {
    const { context, page, offences } = await open();
    const rows = (): Promise<number> => page.locator("[role=row].linked").count();
    await page.goto(`${server.url}${addresses.dataset}`);
    await settle(page);
    const split = page.getByRole("link", { name: /^\d+ examples? in \d+ groups?$/ }).first();
    const inSplit = Number.parseInt((await split.textContent()) ?? "", 10);
    await split.click();
    await page.getByRole("button", { name: "Show every example" }).waitFor();
    expect(page.url()).toContain("split=train");
    await page.reload();
    await settle(page);
    await expect.poll(rows).toBe(inSplit);
    await page.setViewportSize({ width: 360, height: 740 });
    const excess = (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await expect.poll(excess).toBe(0);
    await page.goto(`${server.url}${addresses.dataset}`);
    await settle(page);
    const bar = page.getByRole("list", { name: "Examples by type" }).getByRole("link").first();
    const ofType = Number(await bar.textContent());
    // The whole column is the target, down to the name under it.
    const column = bar.locator("..");
    const { width, height } = (await column.boundingBox()) ?? { width: 0, height: 0 };
    await column.click({ position: { x: width / 2, y: height - 4 } });
    await page.getByRole("button", { name: "Show every example" }).waitFor();
    await settle(page);
    await expect.poll(rows).toBe(ofType);
    await page.getByRole("button", { name: "Show every example" }).click();
    await expect.poll(() => page.url()).not.toContain("dataset=");
    expect(offences).toEqual([]);
    await context.close();
  });

  it("leads from a figure of behaviour to the runs behind it, and keeps them across a reload", async () => {
    const { context, page } = await open();
    await page.goto(`${server.url}${addresses.behavior}`);
    await settle(page);
    const link = page.getByRole("link", { name: /^\d+ runs that called / }).first();
    const runs = Number(await link.textContent());
    await link.click();
    await page.getByText("that called").waitFor();
    await page.reload();
    await settle(page);
    await expect.poll(() => page.locator("[role=row].linked").count()).toBe(Math.min(runs, 200));
    await page.getByRole("button", { name: "Show every tool" }).click();
    await expect.poll(() => page.url()).not.toContain("tool=");
    await context.close();
  });

  it("would stop what got in all the same: the policy refuses inline script, style and foreign addresses", async () => {
    const { context, page, offences } = await open();
    await page.goto(server.url);
    await settle(page);
    await page.evaluate(() => {
      const image = document.createElement("img");
      image.src = "https://evil.example/pixel.png";
      document.body.append(image);
      const style = document.createElement("style");
      style.textContent = "body { display: none }";
      document.head.append(style);
    });
    const refusals = await page.evaluate(async () => {
      const attempts = {
        fetch: () => fetch("https://evil.example/"),
        handler: async () => document.body.setAttribute("onclick", "window.broken = true"),
        html: async () => {
          document.createElement("div").innerHTML = "<b>x</b>";
        },
      };
      const names: string[] = [];
      for (const [name, attempt] of Object.entries(attempts)) await attempt().catch(() => names.push(name));
      return names;
    });
    expect(refusals).toEqual(["fetch", "handler", "html"]);
    expect(await page.evaluate(() => [getComputedStyle(document.body).display, "broken" in window])).toEqual([
      "block",
      false,
    ]);
    // The browser tells of the request, and that the policy stopped it.
    for (const directive of ["img-src", "style-src", "connect-src", "require-trusted-types-for"])
      expect(offences.join("\n")).toContain(`POLICY ${directive}`);
    await context.close();
  });
});
