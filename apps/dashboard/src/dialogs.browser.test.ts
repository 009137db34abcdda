import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../../../packages/react/src/testing/chromium.ts";
import { createApi } from "./testing/api.ts";
import { barriers, excess, picture, settled } from "./testing/look-at.ts";
import { openPage } from "./testing/open-browser.ts";
import { startServer, type TestServer } from "./testing/start-server.ts";

const AGENT = "support";
const OF = `?agent=${AGENT}`;

interface Named {
  id: string;
}

/** Where a dialog is, the button that opens it, and the key that does. */
const DIALOGS: readonly (readonly [title: string, path: string, button: string | RegExp, key: string])[] = [
  ["Optimise the prompt", `/runs${OF}`, /^Optimise the prompt/, "c"],
  ["Draft a fine-tuning", `/runs${OF}`, /^Draft a fine-tuning/, "f"],
  ["New queue", `/queues${OF}`, /^New queue/, "c"],
  ["New dataset", `/datasets${OF}`, /^New dataset/, "c"],
  ["A known answer", `/annotators${OF}`, "Add", "Enter"],
  ["Add a member", `/members${OF}`, /^Add a member/, "c"],
  ["New key", `/keys${OF}`, /^New key/, "c"],
  ["Search", `/${OF}`, /^Search/, "/"],
];

async function focusIn(page: Page): Promise<boolean> {
  return page.evaluate(() => document.querySelector("dialog")?.contains(document.activeElement) === true);
}

describeInChromium("dialogs", () => {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
    const admin = createApi(server.url, server.adminKey);
    await admin.post("/agents", { slug: AGENT, name: "Support" });
    const { id } = await admin.post<Named>(`/agents/${AGENT}/versions`, {
      config: { runtime: "demonstrations", components: { system_prompt: "Answer." }, demonstrations: [] },
    });
    await admin.post(`/agents/${AGENT}/serving`, { version_id: id });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it.each(DIALOGS)(
    "%s: opens by keyboard, keeps the focus, has no barrier in either theme, fits 360 pixels, and gives the focus back",
    async (title, path, button, key) => {
      const { context, page, offences } = await openPage(browser, server.url, {
        key: server.adminKey,
        colorScheme: "light",
        reducedMotion: "reduce",
      });
      await page.goto(server.url + path);
      await settled(page);
      const opener = page.getByRole("button", { name: button }).first();
      await opener.focus();
      await page.keyboard.press(key);
      const dialog = page.getByRole("dialog", { name: title });
      await dialog.waitFor();
      expect(await focusIn(page)).toBe(true);
      // All the way round: what lies behind is out of reach. The browser's own frame is a stop on the way.
      for (let step = 0; step < 20; step += 1) {
        await page.keyboard.press("Tab");
        expect(
          await page.evaluate(
            () =>
              document.activeElement === document.body || document.activeElement?.closest("dialog") !== null,
          ),
        ).toBe(true);
      }
      expect(await barriers(page)).toEqual([]);
      await picture(page, `dialog-${title.replaceAll(" ", "-").toLowerCase()}`);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.locator("html[data-theme=dark]").waitFor({ state: "attached" });
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await barriers(page)).toEqual([]);
      await expect.poll(() => excess(page)).toEqual([]);
      const sticksOut = await page.evaluate(() => {
        const inner = document.querySelector("dialog");
        return inner === null ? 1 : inner.scrollWidth - inner.clientWidth;
      });
      expect(sticksOut).toBeLessThanOrEqual(0);
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(offences).toEqual([]);
      await context.close();
    },
  );

  it("the form of an agent's policy has no barrier, fits 360 pixels, and is left by its button", async () => {
    const { context, page, offences } = await openPage(browser, server.url, {
      key: server.adminKey,
      colorScheme: "light",
      reducedMotion: "reduce",
    });
    await page.goto(`${server.url}/agents/${AGENT}${OF}`);
    await settled(page);
    await page.getByRole("button", { name: "Change" }).last().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Change the policy" }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await picture(page, "policy-form");
    await page.emulateMedia({ colorScheme: "dark" });
    await page.locator("html[data-theme=dark]").waitFor({ state: "attached" });
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await barriers(page)).toEqual([]);
    await expect.poll(() => excess(page)).toEqual([]);
    await picture(page, "policy-form-dark-360");
    await page.getByRole("button", { name: "Cancel" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Policy", exact: true }).waitFor();
    expect(offences).toEqual([]);
    await context.close();
  });
});
