import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../../../packages/react/src/testing/chromium.ts";
import { addColleague, type Api, createApi } from "./testing/api.ts";
import { barriers, excess, picture, settled, VIEWS } from "./testing/look-at.ts";
import { openPage } from "./testing/open-browser.ts";
import { startServer, type TestServer } from "./testing/start-server.ts";
import type { LearningExample } from "./testing/wire.ts";

const GOOD = { technical_accuracy: 1, professional_quality: 1, completeness: 1, clarity: 1 };
const SHOWN = 48;

interface Run {
  id: string;
  status: string;
  candidate_version_id: string | null;
  review_status: string;
}

describeInChromium("approving what was learned from experts", () => {
  let server: TestServer;
  let browser: Browser;
  let admin: Api;
  let run: Run;
  let expert: { key: string; userId: string };
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
    admin = createApi(server.url, server.adminKey);
    await admin.post("/agents", {
      slug: "support",
      name: "Support",
      policy: {
        training: {
          double_annotation_share: 0,
          min_human_verified: 0,
          min_annotation_agreement: 0,
          min_doubly_annotated: 0,
          max_items_per_contributor: 10_000,
          max_share_per_contributor: 1,
        },
      },
    });
    const experts = [];
    for (const [name, role] of [
      ["Erika Expert", "reviewer"],
      ["Emil Expert", "annotator"],
    ] as const)
      experts.push(await addColleague(admin, server.url, name, role));
    expert = experts[0] as (typeof experts)[0];
    const WORK = ["search", "calculate", "translate"];
    for (let index = 0; index < SHOWN; index += 1) {
      const work = [WORK[index % 3], WORK[(index * 7) % 3], WORK[(index * 5 + 1) % 3]];
      const steps = [...work.slice(0, index % 4), "lookup_order", "check_policy", ...work.slice(index % 4)];
      const { id } = await experts[index % 2]!.api.post<LearningExample>("/demonstrations", {
        agent_id: "support",
        input: `Case ${index} of subject ${index % 3}, told in words of its own ${(index * 7_919) % 1_009}`,
        output: `answer ${index % 3}`,
        steps: steps.map((tool) => ({ action: "calls it", tool })),
      });
      await admin.post("/annotations", { learning_example_id: id, decision: "approve", ...GOOD });
    }
    const executions = Array.from({ length: SHOWN }, (_, index) => ({
      agent_id: "support",
      execution_id: `run-${index}`,
      unit_id: `user-${index % 20}`,
      input_text: `question ${index}`,
      output_text: "answer",
      status: "succeeded",
      metadata: {
        tool_calls: [WORK[index % 3], WORK[(index * 7) % 3]].map((tool) => ({
          tool,
          failed: tool === "translate" && index % 4 === 0,
          duration_ms: 40 + index,
        })),
      },
    }));
    await admin.post("/executions", { executions });
    run = await admin.post<Run>("/training-runs", {
      name: "What experts showed",
      agent_id: "support",
      training_type: "behavior_learning",
    });
    // Polled by hand: a set-up has no expect.poll.
    for (let round = 0; round < 400 && run.status !== "completed"; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      run = await admin.get<Run>(`/training-runs/by-id/${run.id}`);
    }
    if (run.status !== "completed") throw new Error(`the run is ${run.status}`);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  const open = async (key: string, more: object = {}) => {
    const watched = await openPage(browser, server.url, { key, ...more });
    await watched.page.goto(`${server.url}/runs/${run.id}`);
    await watched.page.getByRole("heading", { name: "For approval" }).waitFor();
    return watched;
  };

  it.each([
    ["light", 1280],
    ["dark", 360],
  ] as const)("shows rules, evidence and people, accessible in %s at %i px", async (theme, width) => {
    const { context, page, offences } = await open(server.adminKey, {
      colorScheme: theme,
      viewport: { width, height: 900 },
    });
    await page.getByText("Call `lookup_order`, then `check_policy`").first().waitFor();
    await page.getByText(/Erika Expert: \d+ example/).waitFor();
    await page.getByText(/Emil Expert: \d+ example/).waitFor();
    await page
      .getByText(/runs show it/)
      .first()
      .click();
    await page.getByRole("link", { name: "Demonstration 1", exact: true }).first().waitFor();
    // The admin started it: there is nothing to press.
    await page.getByText("You may not decide").waitFor();
    expect(await page.getByRole("button", { name: "Review" }).count()).toBe(0);
    expect(await barriers(page)).toEqual([]);
    expect(await excess(page)).toEqual([]);
    await picture(page, `approval-${theme}-${width}`);
    expect(offences).toEqual([]);
    await context.close();
  });

  it("is decided by a reviewer without a part in it, once, for the run and its candidate", async () => {
    const { key } = await addColleague(admin, server.url, "Rita", "reviewer");
    const contributor = await open(expert.key);
    await contributor.page.getByText("What you showed is part of this candidate's evidence").waitFor();
    await contributor.context.close();
    const { context, page, offences } = await open(key);
    await page.getByRole("button", { name: "Review" }).click();
    await page.getByLabel("Notes").fill("Experts are right.");
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText(/^Approved: /).waitFor();
    expect(await admin.get<Run>(`/training-runs/by-id/${run.id}`)).toMatchObject({
      review_status: "approved",
    });
    const version = await admin.get<Run>(`/agents/support/versions/${run.candidate_version_id}`);
    expect(version.review_status).toBe("approved");
    expect(offences).toEqual([]);
    await context.close();
  });

  it.each(VIEWS)("shows how work is done as a graph with its rows, in %s at %i px", async (theme, width) => {
    const { context, page, offences } = await openPage(browser, server.url, {
      key: server.adminKey,
      colorScheme: theme,
      reducedMotion: "reduce",
      viewport: { width, height: 900 },
    });
    await page.goto(`${server.url}/behavior?agent=support`);
    await page.getByText(/Experts work differently in \d+ ways?/).waitFor();
    await settled(page);
    expect(await barriers(page)).toEqual([]);
    await expect.poll(() => excess(page)).toEqual([]);
    await picture(page, `behavior-${theme}-${width}`);
    expect(offences).toEqual([]);
    await context.close();
  });

  it("leads from a call in the graph to its runs, by keyboard, and keeps the choice in the address", async () => {
    const { context, page, offences } = await openPage(browser, server.url, { key: server.adminKey });
    await page.goto(`${server.url}/behavior?agent=support&side=agent`);
    const box = page.getByRole("button", { name: /^translate.*fail/ });
    await box.focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toContain("tool=translate");
    await page.getByRole("heading", { name: "Steps from and to translate" }).waitFor();
    const row = page
      .getByRole("region", { name: /^Calls, failures/ })
      .getByRole("row", { name: /translate/ });
    expect(await row.textContent()).toMatch(/\d+\.\d\s%\s*\d+\s% to \d+\s%/);
    await row.getByRole("link", { name: "Run with translate 1" }).click();
    // A run in which it failed comes first.
    await page.getByRole("heading", { level: 1 }).waitFor();
    await expect.poll(() => page.url()).toContain("/executions/");
    await page.goBack();
    await page.getByRole("button", { name: /^translate.*calls/ }).waitFor();
    await page.locator("label.choice", { hasText: /^Of/ }).locator("select").selectOption("experts");
    await expect.poll(() => page.url()).not.toContain("tool=");
    await page.getByRole("button", { name: /^lookup_order.*48 calls/ }).waitFor();
    await page
      .getByText(/runs show it/)
      .first()
      .click();
    await page.getByRole("link", { name: "Demonstration 1", exact: true }).first().click();
    await page.getByRole("heading", { name: "Demonstration example" }).waitFor();
    await page.goto(`${server.url}/behavior?agent=support&days=7`);
    await page.getByText(/Orders that runs have in common/).waitFor();
    expect(offences).toEqual([]);
    await context.close();
  });
});
