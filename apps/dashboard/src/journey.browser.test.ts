import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addColleague, type Api, createApi } from "./testing/api.ts";
import { annotateRest, createRouter, readMessages, sendEvidence } from "./testing/journey-data.ts";
import { sendTraffic } from "./testing/journey-traffic.ts";
import { openPage, type Watched } from "./testing/open-browser.ts";
import { describeInChromium, launchChromium } from "../../../packages/react/src/testing/chromium.ts";
import { startServer, type TestServer } from "./testing/start-server.ts";
import type { Experiment, Feedback, Page, Rollout, RolloutDetails } from "./testing/wire.ts";

const SLUG = "router";
const HOUR = 3_600;
const PATIENCE = { timeout: 60_000 };

// The guide's checklist as people go through it, one step after the other: each test continues where the one before ended.
describeInChromium("the loop, by hand", () => {
  let server: TestServer;
  let browser: Browser;
  let directory: string;
  let admin: Api;
  let machineKey: string;
  let ana: Watched;
  let lead: Watched;
  let boss: Watched;
  let ben: Api;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "als-journey-"));
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
    admin = createApi(server.url, server.adminKey);
    machineKey = (await admin.post<{ key: string }>("/api-keys", { kind: "secret", name: "agent" })).key;
    const machine = createApi(server.url, machineKey);
    const split = await readMessages();
    const first = await createRouter(machine, SLUG, split);
    await sendEvidence(machine, SLUG, split, first);
    ben = (await addColleague(admin, server.url, "Ben", "annotator")).api;
    ana = await openPage(browser, server.url, {
      key: (await addColleague(admin, server.url, "Ana", "annotator")).key,
    });
    lead = await openPage(browser, server.url, {
      key: (await addColleague(admin, server.url, "Dana", "reviewer")).key,
    });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const to = (watched: Watched, path: string): Promise<unknown> =>
    watched.page.goto(`${server.url}${path}?agent=${SLUG}`);
  const traffic = (
    prefix: string,
    users: number,
    arm: Parameters<typeof sendTraffic>[0]["arm"],
  ): Promise<void> =>
    sendTraffic({
      url: server.url,
      key: machineKey,
      machine: createApi(server.url, machineKey),
      slug: SLUG,
      directory: join(directory, prefix),
      prefix,
      users,
      arm,
    });

  it("signs in with a key, refuses a machine's, and signs out in every tab", async () => {
    const { context, page, offences } = await openPage(browser, server.url);
    await page.goto(server.url);
    await page.getByLabel("Your key").fill("als_uk_notakeyatall0000000000000000");
    await page.keyboard.press("Enter");
    await page.getByText(/unknown, expired or revoked/).waitFor();
    await page.getByLabel("Your key").fill(machineKey);
    await page.keyboard.press("Enter");
    await page.getByText(/belongs to a machine/).waitFor();
    await page.getByLabel("Your key").fill(server.adminKey);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "The loop" }).waitFor();
    const second = await context.newPage();
    await second.goto(`${server.url}/agents`);
    await second.getByRole("heading", { name: "Agents and policies" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await second.getByRole("heading", { name: /Sign in/ }).waitFor();
    expect(offences).toEqual([]);
    await context.close();
  });

  it("votes on an answer and corrects it", async () => {
    const { page } = ana;
    await to(ana, "/executions/asked-0");
    await page.getByRole("button", { name: "Bad answer" }).click();
    await page.getByRole("button", { name: "Suggest a better answer" }).click();
    await page.getByLabel("What should it have answered?").fill("tax_payment_plan");
    await page.getByRole("button", { name: "Send correction" }).click();
    const stored = async (): Promise<Feedback | undefined> =>
      (await admin.get<Page<Feedback>>(`/agents/${SLUG}/feedback?execution_id=asked-0`)).data[0];
    await expect.poll(async () => (await stored())?.correction_text, PATIENCE).toBe("tax_payment_plan");
    await to(ana, "/feedback");
    await page.getByText("tax_payment_plan").first().waitFor();
  });

  it("annotates by keyboard", async () => {
    const { page } = ana;
    await to(ana, "/admin/learning/annotation");
    await page.getByRole("button", { name: /Start annotating/ }).waitFor();
    await page.keyboard.press("c");
    for (let done = 0; done < 3; done += 1) {
      await page.locator("[data-task]").waitFor();
      await page.keyboard.press("9");
      await page.keyboard.press("a");
      await page.getByText(`${done + 1} example`).waitFor();
    }
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /Start annotating/ }).waitFor();
    expect(await annotateRest(ben, SLUG)).toBeGreaterThan(250);
  }, 180_000);

  it("builds a dataset and freezes it", async () => {
    const { page } = lead;
    await to(lead, "/datasets");
    await page.getByRole("button", { name: /New dataset/ }).waitFor();
    await page.keyboard.press("c");
    await page.getByLabel("Name").fill("messages");
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("heading", { name: "messages 1" }).waitFor();
    await page.getByText("Every threshold is met").waitFor();
    await page.keyboard.press("f");
    await page.getByText("Fixed: whoever trains on it").waitFor(PATIENCE);
    expect((await admin.get<Page<{ status: string }>>(`/datasets/${SLUG}`)).data[0]?.status).toBe("frozen");
  }, 180_000);

  it("optimises, and watches the run to its verdict", async () => {
    const { page } = ana;
    // Dana starts it; Ana, who may only look, sees it live.
    await to(lead, "/runs");
    await lead.page.getByRole("button", { name: /Optimise the prompt/ }).waitFor();
    await lead.page.keyboard.press("c");
    await lead.page.getByRole("button", { name: "Start" }).click();
    await lead.page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    await page.goto(lead.page.url());
    await page.getByText("provably better").first().waitFor({ timeout: 120_000 });
    expect(await page.getByRole("list", { name: "Log of the run" }).textContent()).toContain("Scored");
    await page.getByText("Ended").first().waitFor();
  }, 180_000);

  it("reviews what the candidate changes", async () => {
    const { page } = lead;
    await page.getByRole("link", { name: "What the candidate changes" }).click();
    await page.getByRole("heading", { name: "Version 2" }).waitFor();
    await page.getByText(/Demonstrations: [1-9]/).waitFor();
    expect(await page.getByLabel("added").count()).toBeGreaterThan(10);
    // Dana began the run: somebody else approves what it learned.
    boss = await openPage(browser, server.url, { key: server.adminKey });
    await boss.page.goto(page.url());
    await boss.page.getByRole("heading", { name: "Version 2" }).waitFor();
    await boss.page.keyboard.press("v");
    await boss.page.getByLabel("Notes").fill("The new demonstrations are right.");
    await boss.page.getByRole("button", { name: "Approve" }).click();
    await boss.page.getByText("Approved.").waitFor();
  });

  it("launches the experiment, and reads its verdict", async () => {
    const { page } = lead;
    const { data } = await admin.get<Page<Experiment>>(`/experiments/${SLUG}`);
    await to(lead, `/experiments/${data[0]?.id ?? ""}`);
    await page.getByText("Drafted: no user is in it").waitFor();
    await page.keyboard.press("l");
    await page.getByText("There is not enough data yet").waitFor(PATIENCE);
    await traffic("experiment", 2_400, (arm) => ({
      satisfaction: arm === "treatment" ? 0.8 : 0.55,
      failures: 0,
    }));
    await admin.post("/clock/advance", { seconds: 170 * HOUR });
    await page.getByText(/Decided: the treatment is deployed\. The treatment is better by/).waitFor(PATIENCE);
    await page.getByText("Healthy").first().waitFor();
    expect((await admin.get<Page<Experiment>>(`/experiments/${SLUG}`)).data[0]?.winner).toBe("treatment");
  }, 180_000);

  it("watches the canary, sees it roll back, and reads why, row by row", async () => {
    const { page } = boss;
    const rollouts = (): Promise<Page<Rollout>> => admin.get(`/rollouts?agent_id=${SLUG}`);
    await expect.poll(async () => (await rollouts()).data.length, PATIENCE).toBe(1);
    const rolloutId = (await rollouts()).data[0]?.id ?? "";
    await to(boss, `/rollouts/${rolloutId}`);
    await page.getByRole("heading", { name: "Version 2 to production" }).waitFor();
    if ((await rollouts()).data[0]?.status === "pending") await page.keyboard.press("s");
    await expect
      .poll(async () => {
        const { status, requirements } = await admin.get<RolloutDetails>(`/rollouts/${rolloutId}`);
        return { status, requirements };
      }, PATIENCE)
      .toMatchObject({ status: "running" });
    await page.getByText(/5\s% of users have the candidate/).waitFor(PATIENCE);
    await traffic("canary", 2_500, (arm) => ({ satisfaction: 0.7, failures: arm === "candidate" ? 0.4 : 0 }));
    await admin.post("/clock/advance", { seconds: 2 * HOUR });
    await page.getByText("It undid itself: everybody is back on the baseline.").waitFor(PATIENCE);
    await page.getByRole("heading", { name: "Why was this rolled back?" }).waitFor();
    await page
      .getByText(/candidate units failed/)
      .first()
      .waitFor();
    const row = page.locator(".evidence-rows a").first();
    await row.waitFor();
    await row.click();
    await page.getByText("It failed: the ticket system did not answer").waitFor();
    expect([...ana.offences, ...lead.offences, ...boss.offences]).toEqual([]);
  }, 180_000);
});
