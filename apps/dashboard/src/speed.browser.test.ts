import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createApi } from "./testing/api.ts";
import { openPage } from "./testing/open-browser.ts";
import { describeInChromium, launchChromium } from "../../../packages/react/src/testing/chromium.ts";
import { startServer, type TestServer } from "./testing/start-server.ts";

const ROWS = 100_000;

function executionRow(index: number): object {
  return {
    id: `00000000-0000-7000-8000-${String(index).padStart(12, "0")}`,
    execution_id: `request-${index}`,
    input_text: `Question ${index}`,
    output_text: "An answer",
    status: "succeeded",
    split: null,
    latency_ms: 120,
    created_at: "2026-01-01T00:00:00.000Z",
  };
}

describeInChromium("speed", () => {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
    await createApi(server.url, server.adminKey).post("/agents", { slug: "support", name: "Support" });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("shows the first view's numbers at once, and moves nothing after", async () => {
    const loads: { shown: number; shift: number }[] = [];
    // The best of four: other processes may have the processor.
    for (let load = 0; load < 4; load += 1) {
      const { context, page } = await openPage(browser, server.url, { key: server.adminKey });
      await context.addInitScript(() => {
        const seen = { shift: 0, shown: 0 };
        Object.assign(globalThis, { seen });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
            seen.shift += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        const look = (): void => {
          if (document.querySelector(".loop-stage-value") === null) requestAnimationFrame(look);
          else seen.shown = performance.now();
        };
        look();
      });
      await page.goto(server.url);
      await page.locator(".time-chart canvas").first().waitFor();
      await page.waitForTimeout(500);
      loads.push(
        await page.evaluate(() => (globalThis as unknown as { seen: { shown: number; shift: number } }).seen),
      );
      await context.close();
    }
    // A second is the aim, on a machine with nothing else to do; a busy one must not fail the suite.
    expect(Math.min(...loads.map(({ shown }) => shown))).toBeLessThan(3_000);
    expect(Math.min(...loads.map(({ shift }) => shift))).toBeLessThan(0.05);
  });

  it("scrolls a hundred thousand rows as it scrolls fifty", async () => {
    const { context, page } = await openPage(browser, server.url, { key: server.adminKey });
    const body = JSON.stringify({
      data: Array.from({ length: ROWS }, (_row, index) => executionRow(index)),
      next_cursor: null,
    });
    await context.route("**/api/learning/executions/**", (request) =>
      request.fulfill({ contentType: "application/json", body }),
    );
    await page.goto(`${server.url}/executions?agent=support`);
    await page.getByText("100,000 rows").waitFor();
    const { frames, most } = await page.evaluate(async () => {
      const frames: number[] = [];
      let most = 0;
      let before = await new Promise<number>(requestAnimationFrame);
      for (let frame = 0; frame < 120; frame += 1) {
        scrollBy(0, frame < 60 ? 300 : 30_000);
        const now = await new Promise<number>(requestAnimationFrame);
        frames.push(now - before);
        before = now;
        most = Math.max(most, document.querySelectorAll("[role=row]").length);
      }
      return { frames: frames.sort((a, b) => a - b), most };
    });
    expect(most).toBeLessThan(80);
    expect(frames[60]).toBeLessThan(34);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.getByText("Question 99999").waitFor();
    await context.close();
  }, 120_000);
});
