import type { Agent, Annotation, ApiKey, LearningExample, Member } from "@agent-learning/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../testing/chromium.ts";
import { assertQuiet, openPage, type OpenPage, picture, smallTargets, violations } from "../testing/look.ts";
import { type PartsServer, startPartsServer } from "../testing/parts-server.ts";

const HOSTILE = `<img src=https://evil.example/x onerror=alert(1)><script>alert(2)</script> [a](javascript:alert(3))`;

describeInChromium("AnnotationInterface", () => {
  let server: PartsServer;
  let browser: Browser;
  let opened: OpenPage;
  let page: Page;
  let key: string;
  let made = 0;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startPartsServer(), launchChromium()]);
    // One annotation settles an example: otherwise chance wants a second for a tenth of them.
    const { policy } = await server.call<Agent>("GET", "/agents/my-agent");
    policy.training.double_annotation_share = 0;
    await server.call("PATCH", "/agents/my-agent", { policy }, { "if-match": '"1"' });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  beforeEach(async () => {
    key = await annotatorKey();
    opened = await openPage(browser, server.origin, { width: 1100 });
    ({ page } = opened);
  });
  afterEach(async () => {
    await opened.close();
    assertQuiet(opened);
  });

  async function annotatorKey(): Promise<string> {
    made += 1;
    const member = await server.call<Member>("POST", "/members", {
      display_name: `Annotator ${made}`,
      role: "annotator",
    });
    const created = await server.call<ApiKey & { key: string }>("POST", "/api-keys", {
      kind: "user",
      name: "Test",
      user_id: member.user_id,
    });
    return created.key;
  }

  const example = async (change: object = {}): Promise<LearningExample> =>
    server.call<LearningExample>("POST", "/examples", {
      agent_id: "my-agent",
      example_type: "correction",
      input_text: `When is the deadline? (${(made += 1)})`,
      original_output: "The deadline is 15 March.",
      expected_output: "The deadline is 31 March.",
      ...change,
    });
  const read = (id: string) => server.call<LearningExample>("GET", `/examples/${id}`);
  const annotations = async (): Promise<Annotation[]> =>
    (await server.call<{ data: Annotation[] }>("GET", "/annotations?limit=200")).data;
  const open = () => page.goto(`/parts/annotation#${key}`);
  const shown = (text: string) => page.locator(".als-desk").getByText(text).first().waitFor();

  it("is worked through by keyboard alone: judge, correct, approve, reject, pass on, undo", async () => {
    const [first, second, third] = [await example(), await example(), await example()];
    await open();
    await shown(first.input_text);
    expect(await page.locator("ins").allTextContents()).toEqual(["31"]);
    // What is not judged keeps an approval back, and says so.
    await page.keyboard.press("a");
    await page.getByText("To approve, judge technical accuracy").waitFor();
    for (const digit of ["1", "2", "3", "4"]) {
      await page.keyboard.press(digit);
      await page.keyboard.press("End");
      await page.keyboard.press("ArrowLeft");
    }
    // Letters are letters while somebody types.
    await page.keyboard.press("e");
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" Rarely later.");
    await page.keyboard.press("Escape");
    await page.keyboard.press("a");
    await shown(second.input_text);
    await page.keyboard.press("r");
    await shown(third.input_text);
    await page.keyboard.press("u");
    await shown(second.input_text);
    await page.keyboard.press("d");
    await page.getByRole("dialog").getByRole("textbox").fill("A tax lawyer should look.");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await shown(third.input_text);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("r");
    await expect.poll(async () => (await read(first.id)).review_status).toBe("approved");
    await expect.poll(async () => (await read(third.id)).review_status).toBe("rejected");
    expect((await read(second.id)).review_status).toBe("pending");
    const sent = await annotations();
    expect(sent.find(({ learning_example_id: id }) => id === first.id)).toMatchObject({
      decision: "approve",
      technical_accuracy: 0.95,
      clarity: 0.95,
      corrected_output: "The deadline is 31 March. Rarely later.",
    });
    // Somebody else gets what was passed on, with the reason.
    key = await annotatorKey();
    await page.goto("about:blank");
    await open();
    await shown("A tax lawyer should look.");
    await page.keyboard.press("r");
    await expect.poll(async () => (await read(second.id)).review_status).toBe("rejected");
  });

  it("keeps a draft across a crash, and shows the next example in 100 ms", async () => {
    const [first, second, third] = [await example(), await example(), await example()];
    await open();
    await shown(first.input_text);
    await page.keyboard.press("e");
    await page.keyboard.type("DRAFT ");
    await page.keyboard.press("Escape");
    await page.keyboard.press("1");
    await page.keyboard.press("Home");
    // As a crash would: no event of the page runs.
    const context = page.context();
    const session = await context.newCDPSession(page);
    const crashed = page.waitForEvent("crash");
    void session.send("Page.crash").catch(() => undefined);
    await crashed;
    page = await context.newPage();
    await open();
    await shown(first.input_text);
    expect(await page.getByRole("textbox", { name: "Expected" }).inputValue()).toContain("DRAFT");
    expect(await page.getByRole("slider", { name: "Technical accuracy" }).inputValue()).toBe("0");
    const next = () =>
      page.evaluate(async () => {
        const before = document.querySelector<HTMLElement>("[data-task]")?.dataset.task;
        const started = performance.now();
        document.dispatchEvent(new KeyboardEvent("keydown", { key: "r", bubbles: true, cancelable: true }));
        while (document.querySelector<HTMLElement>("[data-task]")?.dataset.task === before) {
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
        return performance.now() - started;
      });
    // The best of a few: this machine may do other things at the same time.
    const times = [await next()];
    await shown(second.input_text);
    times.push(await next());
    await shown(third.input_text);
    expect(Math.min(...times)).toBeLessThan(100);
    await page.keyboard.press("r");
    for (const { id } of [first, second, third]) {
      await expect.poll(async () => (await read(id)).review_status).toBe("rejected");
    }
  });

  it("keeps judgements while the server is away, and two people never hold one task", async () => {
    const [first, second] = [await example(), await example()];
    await open();
    await shown(first.input_text);
    const other = await openPage(browser, server.origin);
    await other.page.goto(`/parts/annotation#${await annotatorKey()}`);
    await other.page.getByText(/Nothing is waiting/).waitFor();
    await other.close();
    await page.route("**/api/**", (route) => route.abort("internetdisconnected"));
    await page.keyboard.press("r");
    await shown(second.input_text);
    await page.getByText("The server is away").waitFor();
    await page.unroute("**/api/**");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await expect.poll(async () => (await read(first.id)).review_status).toBe("rejected");
    await page.keyboard.press("r");
    await expect.poll(async () => (await read(second.id)).review_status).toBe("rejected");
  });

  it.each([
    ["light", 1100],
    ["dark", 1100],
    ["light", 360],
    ["dark", 360],
  ] as const)("shows hostile texts as texts and is accessible in %s at %i px", async (theme, width) => {
    const hostile = await example({
      input_text: `${HOSTILE} ${made}`,
      original_output: HOSTILE,
      expected_output: `${HOSTILE} and more`,
      input_context: { [HOSTILE]: HOSTILE },
    });
    await opened.close();
    opened = await openPage(browser, server.origin, { theme, width });
    ({ page } = opened);
    await open();
    await shown(hostile.input_text);
    await page.getByText("Context").click();
    expect(await page.locator("#root :is(script, img, iframe, a)").count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    expect(await smallTargets(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await picture(page, `annotation-${theme}-${width}`);
    await page.keyboard.press("?");
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("r");
    await expect.poll(async () => (await read(hostile.id)).review_status).toBe("rejected");
  });

  it("compares two answers by keyboard alone, without telling whose they are", async () => {
    const pair = await server.call<LearningExample>("POST", "/preferences", {
      agent_id: "my-agent",
      input: `Which warranty? (${(made += 1)})`,
      output_a: `Two years. ${HOSTILE}`,
      output_b: "One year.",
      preferred: "A",
      strength: 5,
    });
    await open();
    await shown(pair.input_text);
    await page.keyboard.press("s");
    await page.getByText("Say first which answer is better").waitFor();
    await page.keyboard.press("b");
    await page.keyboard.press("4");
    expect(await page.getByRole("radio", { name: /Answer B/ }).isChecked()).toBe(true);
    expect(await page.getByRole("radio", { name: /much better/ }).isChecked()).toBe(true);
    const chosen = await page.locator(".als-compared[data-chosen=true] .als-text").textContent();
    expect(await page.locator("#root :is(script, img, iframe, a)").count()).toBe(0);
    await picture(page, "comparison-parts");
    expect(await violations(page)).toEqual([]);
    expect(await smallTargets(page)).toEqual([]);
    await page.keyboard.press("s");
    await expect.poll(async () => (await read(pair.id)).review_status).toBe("approved");
    const judged = await read(pair.id);
    expect(judged).toMatchObject({ preference_strength: 4, expected_output: chosen });
    expect(judged.preferred_output).toBe(chosen === pair.output_a ? "A" : "B");
  });
});
