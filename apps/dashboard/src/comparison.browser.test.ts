import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../../../packages/react/src/testing/chromium.ts";
import { addColleague, type Api, createApi } from "./testing/api.ts";
import { openPage } from "./testing/open-browser.ts";
import { startServer, type TestServer } from "./testing/start-server.ts";
import type { LearningExample } from "./testing/wire.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const HOSTILE = `<img src=x onerror=alert(1)> <script>alert(2)</script> [a](javascript:alert(3))`;

interface AxeResult {
  violations: { id: string; nodes: { html: string }[] }[];
}

async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResult>("axe.run(document)");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

describeInChromium("comparing two answers", () => {
  let server: TestServer;
  let browser: Browser;
  let admin: Api;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
    admin = createApi(server.url, server.adminKey);
    const policy = { training: { double_annotation_share: 0 } };
    await admin.post("/agents", { slug: "support", name: "Support", policy });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  let made = 0;
  const supply = (): Promise<LearningExample> =>
    admin.post<LearningExample>("/preferences", {
      agent_id: "support",
      input: `How long is the warranty of order ${(made += 1)}?`,
      output_a: `Two years from the day of delivery. Keep the invoice: it is all that you need. ${HOSTILE}`,
      output_b: "Probably a year or so. Please ask somebody else.",
      preferred: "B",
      strength: 5,
    });
  const read = (id: string): Promise<LearningExample> => admin.get<LearningExample>(`/examples/${id}`);

  it("is done by keyboard: the better one, a tie, a rejected pair, an undo", async () => {
    const [first, second, third] = [await supply(), await supply(), await supply()];
    const { key } = await addColleague(admin, server.url, "Ana", "annotator");
    const { context, page, offences } = await openPage(browser, server.url, { key });
    await page.goto(`${server.url}/admin/learning/annotation?agent=support&type=preference`);
    await page.locator("[role=row]").nth(1).waitFor();
    await page.keyboard.press("c");
    const shown = (one: LearningExample): Promise<void> =>
      page.locator(".workspace").getByText(one.input_text).waitFor();
    await shown(first);
    // Nothing that was said of it so far, and not which version answered.
    expect(await page.locator(".workspace").textContent()).not.toMatch(/preferred|version/i);
    await page.keyboard.press("s");
    await page.getByText(/Say first which answer is better/).waitFor();
    await page.keyboard.press("a");
    await page.keyboard.press("2");
    expect(await page.getByRole("radio", { name: /Answer A/ }).isChecked()).toBe(true);
    expect(await page.getByRole("radio", { name: /somewhat better/ }).isChecked()).toBe(true);
    const chosen = await page.locator(".side-by-side .text-block").first().textContent();
    await page.keyboard.press("s");
    await shown(second);
    await page.keyboard.press("u");
    await shown(first);
    expect(await page.getByRole("radio", { name: /somewhat better/ }).isChecked()).toBe(true);
    await page.keyboard.press("s");
    await shown(second);
    await page.keyboard.press("t");
    expect(await page.getByRole("radio", { name: /somewhat better/ }).isDisabled()).toBe(true);
    await page.keyboard.press("s");
    await shown(third);
    await page.keyboard.press("r");
    await page.getByText("All done").waitFor();
    await expect.poll(async () => (await read(third.id)).review_status, { timeout: 20_000 }).toBe("rejected");
    await expect.poll(async () => (await read(first.id)).review_status, { timeout: 20_000 }).toBe("approved");
    const judged = await read(first.id);
    expect(judged).toMatchObject({ preference_strength: 2, expected_output: chosen });
    expect(await read(second.id)).toMatchObject({ review_status: "approved", preferred_output: null });
    expect(offences).toEqual([]);
    await context.close();
  });

  it.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 360],
    ["dark", 360],
  ] as const)("is accessible in %s at %i px and shows hostile texts as texts", async (theme, width) => {
    const pair = await supply();
    const { key } = await addColleague(admin, server.url, `Ben ${theme} ${width}`, "annotator");
    const { context, page, offences } = await openPage(browser, server.url, {
      key,
      colorScheme: theme,
      viewport: { width, height: 800 },
    });
    await page.goto(`${server.url}/admin/learning/annotation?agent=support`);
    await page.locator("[role=row]").nth(1).waitFor();
    await page.keyboard.press("c");
    await page.locator(".workspace").getByText(pair.input_text).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press("b");
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await picture(page, `comparison-${theme}-${width}`);
    await page.keyboard.press("r");
    await expect.poll(async () => (await read(pair.id)).review_status, { timeout: 20_000 }).toBe("rejected");
    expect(offences).toEqual([]);
    await context.close();
  });
});
