import type { Feedback, LearningExample } from "@agent-learning/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../testing/chromium.ts";
import { assertQuiet, openPage, type OpenPage, picture, smallTargets, violations } from "../testing/look.ts";
import { type PartsServer, startPartsServer } from "../testing/parts-server.ts";

const OUTPUT = "The filing deadline is 15 March. Late filings cost a fee.";

describeInChromium("FeedbackCollector", () => {
  let server: PartsServer;
  let browser: Browser;
  let opened: OpenPage;
  let page: Page;
  let executions = 0;
  let execution: string;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startPartsServer(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  beforeEach(async () => {
    execution = await record();
    opened = await openPage(browser, server.origin);
    ({ page } = opened);
  });
  afterEach(async () => {
    await opened.close();
    assertQuiet(opened);
  });

  async function record(output = OUTPUT): Promise<string> {
    executions += 1;
    await server.call("POST", "/executions", {
      agent_id: "my-agent",
      execution_id: `run-${executions}`,
      input_text: "When is the deadline?",
      output_text: output,
      status: "succeeded",
    });
    return `run-${executions}`;
  }

  const open = async (output = OUTPUT, more: Record<string, string> = {}): Promise<void> => {
    await page.goto(
      `/parts/feedback?${new URLSearchParams({ executions: execution, output, ...more }).toString()}`,
    );
    // The page has loaded before its script has drawn: a key pressed in between reaches nothing.
    await up().waitFor();
  };
  const stored = async (id = execution): Promise<Feedback[]> =>
    (await server.call<{ data: Feedback[] }>("GET", `/agents/my-agent/feedback?execution_id=${id}`)).data;
  const saved = () => page.getByText("Thanks, saved.").waitFor();
  const up = () => page.getByRole("button", { name: "Good answer" }).first();
  const down = () => page.getByRole("button", { name: "Bad answer" });

  it("saves a vote at the first click, then everything else into the same feedback", async () => {
    await open();
    await down().click();
    await saved();
    const [vote] = await stored();
    expect(vote).toMatchObject({ feedback_type: "thumbs_down", version: 1 });
    await page.getByLabel("Factually incorrect").check();
    await page.getByRole("radiogroup", { name: "Overall" }).getByRole("radio", { name: "2 of 5" }).check();
    await page.getByText("Rate in detail").click();
    await page.getByRole("radiogroup", { name: "Accuracy" }).getByRole("radio", { name: "1 of 5" }).check();
    await page.getByLabel("Anything else?").fill("It was moved last year.");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByRole("button", { name: "Suggest a better answer" }).click();
    await page.getByLabel("What should it have answered?").fill(OUTPUT.replace("15", "31"));
    expect(await page.locator("ins").allTextContents()).toEqual(["31"]);
    expect(await page.locator("del").allTextContents()).toEqual(["15"]);
    await page.getByRole("button", { name: "Send correction" }).click();
    await expect
      .poll(() => stored())
      .toMatchObject([
        {
          id: vote?.id,
          feedback_type: "thumbs_down",
          rating: 2,
          issue_categories: ["incorrect"],
          dimensions: { accuracy: 1 },
          feedback_text: "It was moved last year.",
          correction_text: OUTPUT.replace("15", "31"),
        },
      ]);
    const examples = await server.call<{ data: LearningExample[] }>(
      "GET",
      "/examples?example_type=correction",
    );
    expect(examples.data.map((example) => example.source_feedback_id)).toContain(vote?.id);
    expect(
      await page.evaluate(() => (globalThis as unknown as { submitted: string[] }).submitted.length),
    ).toBeGreaterThan(1);
  });

  it("takes everything back with Undo", async () => {
    await open();
    await up().click();
    await saved();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => stored()).toEqual([]);
    expect(await up().getAttribute("aria-pressed")).toBe("false");
    await page.reload();
    expect(await up().getAttribute("aria-pressed")).toBe("false");
  });

  it("shows after a reload what was said, and amends it as the same rater", async () => {
    await open();
    await up().click();
    await saved();
    await page.reload();
    await expect.poll(() => up().getAttribute("aria-pressed")).toBe("true");
    await down().click();
    await expect.poll(() => stored()).toMatchObject([{ feedback_type: "thumbs_down", version: 2 }]);
  });

  it("keeps a vote that is cast offline, across a reload, and sends it once the network is back", async () => {
    await open();
    // The page stays reachable, as an installed application's would; the API does not.
    await page.route("**/api/**", (route) => route.abort("internetdisconnected"));
    await up().click();
    await page.getByText("Kept on this device").waitFor();
    await page.reload();
    await page.getByText("Kept on this device").waitFor();
    expect(await stored()).toEqual([]);
    await page.unroute("**/api/**");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await saved();
    expect(await stored()).toMatchObject([{ feedback_type: "thumbs_up", version: 1 }]);
  });

  it("sends what earlier pages could not from any page that has the widget", async () => {
    await open();
    await page.route("**/api/**", (route) => route.abort("internetdisconnected"));
    await up().click();
    await page.getByText("Kept on this device").waitFor();
    await page.unroute("**/api/**");
    const earlier = execution;
    execution = await record();
    await open();
    await expect.poll(() => stored(earlier)).toMatchObject([{ feedback_type: "thumbs_up" }]);
  });

  it("outlives a dead server", async () => {
    await open();
    await up().click();
    await saved();
    await server.kill();
    await down().click();
    await page.getByText("Kept on this device").waitFor();
    await server.restart();
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await saved();
    expect(await stored()).toMatchObject([{ feedback_type: "thumbs_down" }]);
  });

  it("stores a vote once when the answer to it is lost", async () => {
    await open();
    let lost = 0;
    await page.route("**/api/learning/feedback", async (route) => {
      if (lost > 0) return route.continue();
      lost += 1;
      await route.fetch();
      return route.abort("connectionreset");
    });
    await up().click();
    await page.getByText("Kept on this device").waitFor();
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await saved();
    expect(await stored()).toMatchObject([{ version: 1 }]);
  });

  it("works by keyboard alone", async () => {
    await open();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await saved();
    const stars = page.getByRole("radiogroup", { name: "Overall" });
    await stars.getByRole("radio").first().focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => stored()).toMatchObject([{ feedback_type: "thumbs_down", rating: 2 }]);
    await page.keyboard.press("Space");
    await expect.poll(() => stored()).toMatchObject([{ rating: null }]);
    expect(await smallTargets(page)).toEqual([]);
  });

  it("shows hostile texts as texts", async () => {
    const hostile = `<img src=x onerror=alert(1)><script>alert(2)</script>"'><svg onload=alert(3)> [a](javascript:alert(4)) <iframe srcdoc="<script>parent.alert(5)</script>"> <style>@import url(https://evil.example/x)</style>`;
    execution = await record(hostile);
    await open(hostile);
    await down().click();
    await saved();
    await page.getByRole("button", { name: "Suggest a better answer" }).click();
    await page
      .getByLabel("What should it have answered?")
      .fill(`${hostile}<img src=https://evil.example/p onerror=alert(6)>`);
    await page.getByRole("button", { name: "Send correction" }).click();
    await page.locator("ins").waitFor();
    await page.reload();
    await page.locator("ins").waitFor();
    expect(await page.locator("#root :is(script, img, iframe, style, svg[onload], a)").count()).toBe(0);
    expect((await stored())[0]?.correction_text).toContain("evil.example");
  });

  it.each([
    ["light", 900, "ltr"],
    ["dark", 900, "ltr"],
    ["light", 360, "rtl"],
    ["dark", 360, "ltr"],
  ] as const)("is accessible in %s at %i px, %s", async (theme, width, dir) => {
    await opened.close();
    opened = await openPage(browser, server.origin, { theme, width });
    ({ page } = opened);
    await open(OUTPUT, { dir });
    expect(await violations(page)).toEqual([]);
    await down().click();
    await saved();
    await page.getByLabel("Factually incorrect").check();
    await page.getByRole("radio", { name: "2 of 5" }).first().check();
    await page.getByText("Rate in detail").click();
    await page.getByRole("button", { name: "Suggest a better answer" }).click();
    await page.getByLabel("What should it have answered?").fill(OUTPUT.replace("15", "31"));
    expect(await violations(page)).toEqual([]);
    expect(await smallTargets(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await picture(page, `feedback-${theme}-${width}-${dir}`);
  });
});
