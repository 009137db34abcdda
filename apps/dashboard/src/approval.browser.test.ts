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
const GOOD = { technical_accuracy: 1, professional_quality: 1, completeness: 1, clarity: 1 };
const SHOWN = 48;

interface AxeResult {
  violations: { id: string; nodes: { html: string }[] }[];
}
interface Run {
  id: string;
  status: string;
  candidate_version_id: string | null;
  review_status: string;
}

async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResult>("axe.run(document)");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
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
      metadata: { tool_calls: [WORK[index % 3], WORK[(index * 7) % 3]].map((tool) => ({ tool })) },
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
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    const folder = process.env["SCREENSHOTS"];
    if (folder !== undefined)
      await page.screenshot({ path: join(folder, `approval-${theme}-${width}.png`), fullPage: true });
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
});
