import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addColleague, type Api, createApi } from "./testing/api.ts";
import { openPage, type Watched } from "./testing/open-browser.ts";
import { describeInChromium, launchChromium } from "../../../packages/react/src/testing/chromium.ts";
import { startServer, type TestServer } from "./testing/start-server.ts";
import type { Annotation, LearningExample, Page as PageOf } from "./testing/wire.ts";

const AGENT = "support";
const EXAMPLES = 30;

/** What an expert sees at once: the task that is shown, or undefined. */
const shownTask = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.querySelector<HTMLElement>("[data-task]")?.dataset["task"]);

async function nextTask(page: Page, before: string | undefined): Promise<string> {
  await page.waitForFunction(
    (old) => {
      const shown = document.querySelector<HTMLElement>("[data-task]")?.dataset["task"];
      return shown !== undefined && shown !== old;
    },
    before,
    { polling: "raf" },
  );
  return (await shownTask(page)) ?? "";
}

describeInChromium("annotation by keyboard", () => {
  let server: TestServer;
  let browser: Browser;
  let admin: Api;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
    admin = createApi(server.url, server.adminKey);
    // Nothing is judged twice: while somebody else's judgement is awaited, the first one is shown to nobody.
    const policy = { training: { double_annotation_share: 0 } };
    await admin.post("/agents", { slug: AGENT, name: "Support", policy });
    for (let index = 0; index < EXAMPLES; index += 1) {
      await admin.post("/examples", {
        agent_id: AGENT,
        example_type: "correction",
        input_text: `Question ${index}`,
        original_output: `The deadline is ${index} March.`,
        expected_output: `The deadline is ${index} April.`,
      });
    }
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const sit = async (name: string): Promise<Watched & { userId: string }> => {
    const { key, userId } = await addColleague(admin, server.url, name, "annotator");
    const watched = await openPage(browser, server.url, { key });
    await watched.page.goto(`${server.url}/admin/learning/annotation?agent=${AGENT}`);
    await watched.page.locator("[role=row]").nth(1).waitFor();
    return { ...watched, userId };
  };
  const annotationsOf = async (userId: string): Promise<Annotation[]> =>
    (await admin.get<PageOf<Annotation>>(`/annotations?expert_id=${userId}`)).data;

  const claimedBy = async (userId: string): Promise<string[]> =>
    (
      await admin.get<PageOf<{ id: string; claimed_by: string }>>(
        "/annotations/queue?state=claimed&limit=200",
      )
    ).data
      .filter((task) => task.claimed_by === userId)
      .map(({ id }) => id);

  it("claims, judges, corrects, approves, rejects, passes on, undoes, and stops, without a mouse", async () => {
    const { context, page, offences, userId } = await sit("Ana");
    await page.keyboard.press("c");
    const first = await nextTask(page, undefined);
    // Approving what is not judged asks for it first.
    await page.keyboard.press("a");
    await page.getByText(/Judge technical accuracy/).waitFor();
    expect(await shownTask(page)).toBe(first);
    await page.keyboard.press("9");
    // `1` goes to the first slider, arrows move it.
    await page.keyboard.press("1");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("e");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("The deadline is 31 March, all day.");
    expect(await page.locator(".text-diff ins").allTextContents()).toContain("31");
    await page.keyboard.press("Escape");
    await page.keyboard.press("a");
    const second = await nextTask(page, first);
    await page.keyboard.press("r");
    const third = await nextTask(page, second);
    await page.keyboard.press("u");
    expect(await nextTask(page, third)).toBe(second);
    await page.keyboard.press("d");
    await page.keyboard.type("Not my field: payroll.");
    await page.keyboard.press("Enter");
    await nextTask(page, second);
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /Start annotating/ }).waitFor();
    await expect.poll(() => annotationsOf(userId), { timeout: 15_000 }).toHaveLength(1);
    expect((await annotationsOf(userId))[0]).toMatchObject({
      decision: "approve",
      corrected_output: "The deadline is 31 March, all day.",
      technical_accuracy: 0.85,
      professional_quality: 0.9,
    });
    expect(offences).toEqual([]);
    await context.close();
  });

  it("shows the next item within 100 ms of the key", async () => {
    const { context, page } = await sit("Ben");
    await page.keyboard.press("c");
    let task = await nextTask(page, undefined);
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await page.waitForTimeout(400);
      await page.keyboard.press("9");
      await page.evaluate(() => {
        performance.clearMarks();
        addEventListener("keydown", (event) => performance.mark("key", { startTime: event.timeStamp }), {
          once: true,
          capture: true,
        });
      });
      await page.keyboard.press("a");
      task = await nextTask(page, task);
      times.push(
        await page.evaluate(() => {
          const at = (name: string): number => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
          return at("annotation-shown") - at("key");
        }),
      );
    }
    // The median: another process may take the processor for a while.
    expect(times.sort((a, b) => a - b)[2]).toBeLessThan(100);
    await context.close();
  });

  it("keeps a draft through a crash of the tab, and the claim with it", async () => {
    const { context, page } = await sit("Cleo");
    await page.keyboard.press("c");
    const task = await nextTask(page, undefined);
    await page.keyboard.press("m");
    await page.keyboard.type("Half a thought");
    const session = await context.newCDPSession(page);
    // A crashed tab answers no more.
    session.send("Page.crash").catch(() => undefined);
    await new Promise((resolve) => page.once("crash", resolve));
    await page.close();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const again = await context.newPage();
    await again.goto(`${server.url}/admin/learning/annotation?agent=${AGENT}`);
    expect(await nextTask(again, undefined)).toBe(task);
    expect(await again.locator("#notes").inputValue()).toBe("Half a thought");
    await context.close();
  });

  it("takes judgements while the server is away, and delivers each once when it is back", async () => {
    const { context, page, userId } = await sit("Dora");
    await page.keyboard.press("c");
    const task = await nextTask(page, undefined);
    await expect.poll(() => claimedBy(userId), { timeout: 15_000 }).toHaveLength(3);
    await context.setOffline(true);
    await page.keyboard.press("8");
    await page.keyboard.press("a");
    await nextTask(page, task);
    await page.getByText(/1 to send/).waitFor({ timeout: 15_000 });
    expect(await annotationsOf(userId)).toHaveLength(0);
    await context.setOffline(false);
    await expect.poll(() => annotationsOf(userId), { timeout: 20_000 }).toHaveLength(1);
    await context.close();
  });

  it("never gives one item to two people, and gives back what was not begun", async () => {
    const [one, two] = [await sit("Eve"), await sit("Finn")];
    await one.page.keyboard.press("c");
    await two.page.keyboard.press("c");
    const tasks = [await nextTask(one.page, undefined), await nextTask(two.page, undefined)];
    expect(new Set(tasks).size).toBe(2);
    for (const { page } of [one, two]) await page.keyboard.press("Escape");
    await expect
      .poll(async () => [...(await claimedBy(one.userId)), ...(await claimedBy(two.userId))], {
        timeout: 15_000,
      })
      .toEqual([]);
    await one.context.close();
    await two.context.close();
  });

  it("offers nothing to annotate to a viewer, and says why", async () => {
    const { key } = await addColleague(admin, server.url, "Gus", "viewer");
    const { context, page } = await openPage(browser, server.url, { key });
    await page.goto(`${server.url}/admin/learning/annotation?agent=${AGENT}`);
    await page.getByText("Your role may look, not annotate.").waitFor();
    expect(await page.getByRole("button", { name: /Start/ }).count()).toBe(0);
    await context.close();
  });

  it("has examples left for everybody", async () => {
    const { data } = await admin.get<PageOf<LearningExample>>(
      `/examples?agent_id=${AGENT}&review_status=pending`,
    );
    expect(data.length).toBeGreaterThan(0);
  });
});
