import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../testing/chromium.ts";
import { openPage, picture, smallTargets, violations } from "../testing/look.ts";
import { type PartsServer, startPartsServer } from "../testing/parts-server.ts";

describeInChromium("LearningDashboard", () => {
  let server: PartsServer;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startPartsServer(), launchChromium()]);
    for (const [index, days] of [20, 12, 5, 1, 0].entries()) {
      await server.call("POST", "/clock/advance", { seconds: (index === 0 ? 0 : 1) * 86_400 });
      for (let n = 0; n < 6; n += 1) {
        const execution_id = `${days}-${n}`;
        await server.call("POST", "/executions", {
          agent_id: "my-agent",
          execution_id,
          input_text: `Question ${n}`,
          output_text: "Answer",
          status: n === 0 && index < 2 ? "failed" : "succeeded",
          ...(n === 0 && index < 2 ? { error_type: "timeout" } : {}),
        });
        await server.call("POST", "/feedback", {
          agent_id: "my-agent",
          execution_id,
          user_id: `user-${n}`,
          feedback_type: n <= index ? "thumbs_up" : "thumbs_down",
          rating: n <= index ? 5 : 2,
        });
      }
    }
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it.each([
    ["light", 1100],
    ["dark", 1100],
    ["light", 360],
    ["dark", 360],
  ] as const)("tells the state of the loop, accessibly, in %s at %i px", async (theme, width) => {
    const stats = await server.call<{ pending_annotations: number; total_examples: number }>("GET", "/stats");
    expect(stats.pending_annotations).toBeGreaterThan(0);
    const { page, errors, foreign, close } = await openPage(browser, server.origin, { theme, width });
    await page.goto(`/parts/dashboard#${server.adminKey}`);
    await page.getByText(`${stats.pending_annotations} annotations wait for you, 0 done today`).waitFor();
    await page.getByRole("heading", { name: `Pending Annotations: ${stats.pending_annotations}` }).waitFor();
    await page.getByRole("heading", { name: `Total Examples: ${stats.total_examples}` }).waitFor();
    expect(await page.getByRole("link", { name: `${stats.pending_annotations}` }).getAttribute("href")).toBe(
      "/parts/annotation",
    );
    expect(await page.getByRole("img", { name: /^Satisfaction: / }).count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    expect(await smallTargets(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await picture(page, `dashboard-${theme}-${width}`);
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
    await close();
  });

  it("looks again by itself, and says when its numbers are old", async () => {
    const { page, close } = await openPage(browser, server.origin);
    await page.goto(`/parts/dashboard#${server.adminKey}`);
    await page.getByText(/annotations wait for you/).waitFor();
    const before = await page.locator(".als-lead").textContent();
    await server.call("POST", "/examples", {
      agent_id: "my-agent",
      example_type: "edge_case",
      input_text: "One more",
    });
    await expect.poll(() => page.locator(".als-lead").textContent()).not.toBe(before);
    await page.route("**/api/learning/stats**", (route) => route.fulfill({ status: 403, body: "" }));
    await page.getByText("These numbers are old").waitFor();
    await close();
  });

  it("says what is wrong with a key", async () => {
    const { page, close } = await openPage(browser, server.origin);
    await page.goto("/parts/dashboard#als_uk_not_a_key_of_this_server");
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("The key");
    await close();
  });
});
