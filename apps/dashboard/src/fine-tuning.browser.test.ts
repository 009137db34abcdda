import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../../../packages/react/src/testing/chromium.ts";
import { addColleague, type Api, createApi } from "./testing/api.ts";
import { createRouter, readMessages, sendEvidence } from "./testing/journey-data.ts";
import { barriers, excess, picture, settled, VIEWS } from "./testing/look-at.ts";
import { HOSTILE_TEXTS } from "./testing/hostile-texts.ts";
import { openPage, type Watched } from "./testing/open-browser.ts";
import { startServer, type TestServer } from "./testing/start-server.ts";

const AGENT = "router";
const OF = `?agent=${AGENT}`;
const LIMIT = 240_000;

interface Named {
  id: string;
}
interface Counted {
  matching: number;
  as_of: string;
  remaining: number;
}
interface Run {
  id: string;
  name: string;
  phase: string;
  review_status: string;
}

describeInChromium("fine-tuning", () => {
  let server: TestServer;
  let browser: Browser;
  let admin: Api;
  let reviewer: Awaited<ReturnType<typeof addColleague>>;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
    admin = createApi(server.url, server.adminKey);
    const { key } = await admin.post<{ key: string }>("/api-keys", { kind: "secret", name: "agent" });
    const machine = createApi(server.url, key);
    const split = await readMessages();
    const versionId = await createRouter(machine, AGENT, split);
    await sendEvidence(machine, AGENT, split, versionId);
    reviewer = await addColleague(admin, server.url, "Rita", "reviewer");
    await approveAll();
    const { id } = await admin.post<Named>("/datasets", { agent_id: AGENT, name: "corrections" });
    await admin.post(`/datasets/${id}/freeze`);
  }, LIMIT);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function approveAll(): Promise<void> {
    const decision = { selection: { agent_id: AGENT }, action: "approve" };
    const scores = { technical_accuracy: 1, professional_quality: 0.9, completeness: 1, clarity: 0.9 };
    const preview = await reviewer.api.post<Counted>("/annotations/bulk", { ...decision, preview: true });
    for (let left = preview.matching; left > 0;) {
      const body = { ...decision, ...scores, as_of: preview.as_of, expected: left };
      left = (await reviewer.api.post<Counted>("/annotations/bulk", body)).remaining;
    }
  }

  const open = (key: string, more: object = {}): Promise<Watched> =>
    openPage(browser, server.url, { key, reducedMotion: "reduce", ...more });
  const read = (id: string): Promise<Run> => admin.get(`/training-runs/by-id/${id}`);
  const idIn = (url: string): string => /\/runs\/([0-9a-f-]+)/.exec(url)?.[1] ?? "";

  it(
    "is drafted, estimated, started by one person and approved by another, down to staging",
    async () => {
      const { context, page, offences } = await open(server.adminKey);
      await page.goto(`${server.url}/runs${OF}`);
      await page.getByText("Nothing is learning now").waitFor();
      await page.keyboard.press("f");
      await page.getByLabel("Name").fill("Show what is approved");
      expect(await barriers(page)).toEqual([]);
      await picture(page, "fine-tuning-dialog");
      await page.getByLabel("Trainer").selectOption("context");
      await page.getByLabel("Dataset").selectOption({ label: "corrections 1" });
      await page.getByRole("button", { name: "Draft it" }).click();
      await page.getByText("It is a draft: read what it would take").waitFor();
      await page
        .getByText("✓Ready")
        .or(page.getByText("Ready", { exact: true }))
        .first()
        .waitFor();
      await page.getByText(/\d+ to train on, \d+ to watch by/).waitFor();
      const toTest = await page.getByRole("link", { name: /^\d+ to judge by$/ }).getAttribute("href");
      expect(toTest).toMatch(/^\/examples\?.*dataset=.*split=test/);
      await page.getByText("The first rows as the trainer gets them").click();
      await page.getByText(/"messages"/).waitFor();
      expect(await barriers(page)).toEqual([]);
      await picture(page, "fine-tuning-draft");
      const id = idIn(page.url());
      await page.keyboard.press("s");
      await page.getByText("It starts: its dataset is read through first.").waitFor();
      await page
        .getByText("It waits for a reviewer who neither drafted nor started it.")
        .waitFor({ timeout: 120_000 });
      // Whoever started it is told why it is not theirs to decide.
      await page.getByRole("button", { name: "Review" }).click();
      await page.getByRole("button", { name: "Approve" }).click();
      await page.getByText(/reviewed by somebody other than the person who drafted or started it/).waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press("Escape");

      const other = await open(reviewer.key);
      await other.page.goto(`${server.url}/runs/${id}${OF}`);
      await other.page.getByRole("button", { name: "Review" }).click();
      await other.page.getByLabel("Notes").fill("The rows are right.");
      await other.page.getByRole("button", { name: "Approve" }).click();
      await expect.poll(async () => (await read(id)).phase, { timeout: 60_000 }).toBe("staging");
      await other.page.getByText("Its version is on staging.").waitFor();
      await other.page.getByText(/before, .* after, n =/).waitFor();
      const judged = await other.page.getByRole("link", { name: /^\d+ rows?$/ }).getAttribute("href");
      expect(judged).toMatch(/^\/examples\?.*dataset=.*split=test/);
      await other.page.goto(`${server.url}/runs${OF}`);
      await other.page.getByRole("row", { name: /Show what is approved.*Staging/ }).waitFor();
      expect([...offences, ...other.offences]).toEqual([]);
      await other.context.close();
      await context.close();
    },
    LIMIT,
  );

  it("says what is missing where there is no trainer, and refuses to start", async () => {
    const { data } = await admin.get<{ data: Named[] }>(`/datasets/${AGENT}`);
    const { id } = await admin.post<Run>("/training-runs", {
      name: "Without a trainer",
      agent_id: AGENT,
      dataset_id: data[0]?.id,
      training_type: "lora",
      config: { backend: "trl" },
    });
    const { context, page, offences } = await open(server.adminKey);
    await page.goto(`${server.url}/runs/${id}${OF}`);
    await page.getByText(/Not ready/).waitFor();
    await page
      .getByText(/^.?Missing$/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Start" }).click();
    await page.locator(".toast").waitFor();
    expect((await read(id)).phase).toBe("draft");
    await page.getByRole("button", { name: "Cancel the run" }).click();
    await page.getByText("It was cancelled.").waitFor();
    expect(offences).toEqual([]);
    await context.close();
  });

  it("shows what a trainer, a model and a person wrote as text, whatever it is", async () => {
    const { context, page, offences } = await open(server.adminKey);
    const { data } = await admin.get<{ data: Named[] }>(`/datasets/${AGENT}`);
    const hostile = HOSTILE_TEXTS.slice(0, 200);
    const { id } = await admin.post<Run>("/training-runs", {
      name: (hostile[0] ?? "").slice(0, 200),
      description: hostile.join("\n"),
      agent_id: AGENT,
      dataset_id: data[0]?.id,
      training_type: "lora",
      config: { backend: "trl" },
    });
    const drafted = await read(id);
    const run = { ...drafted, phase: "failed", status: "failed", error: { message: hostile.join("\n") } };
    const events = [
      ["started", {}],
      ["log", { lines: hostile }],
    ] as const;
    const stream = events
      .map(
        ([event, body], index) =>
          `id: ${index + 1}\nevent: ${event}\ndata: ${JSON.stringify({ ...body, created_at: "2026-01-01T00:00:00.000Z" })}\n\n`,
      )
      .join("");
    const artifact = { id, run_id: id, kind: "adapter_gguf", sha256: "ab".repeat(32), bytes: 1 };
    const artifacts = hostile.map((name) => ({ ...artifact, name, created_at: "2026-01-01T00:00:00.000Z" }));
    await context.route(`**/training-runs/by-id/${id}`, (route) => route.fulfill({ json: run }));
    await context.route(`**/training-runs/by-id/${id}/artifacts`, (route) =>
      route.fulfill({ json: { data: artifacts } }),
    );
    await context.route(`**/training-runs/by-id/${id}/events`, (route) =>
      route.fulfill({ contentType: "text/event-stream", body: stream }),
    );
    await page.goto(`${server.url}/runs/${id}${OF}`);
    await settled(page);
    await page
      .getByText(hostile[0] ?? "", { exact: true })
      .first()
      .waitFor();
    await page.waitForTimeout(500);
    const shown = (await page.locator("main").textContent()) ?? "";
    expect(hostile.filter((text) => !shown.includes(text))).toEqual([]);
    const strange =
      "main :is(script, iframe, object, embed, base, form[action], img, [onerror], [onload], a[href^='javascript:'])";
    expect(await page.locator(strange).count()).toBe(0);
    expect(offences).toEqual([]);
    await context.close();
  });

  // What a trainer reports, as the server would stream it: there is none on a machine that only tests.
  it.each(VIEWS)(
    "shows the loss as it is reported, the log, and pauses, in %s at %i px",
    async (theme, width) => {
      const { context, page, offences } = await open(server.adminKey, {
        colorScheme: theme,
        viewport: { width, height: 900 },
      });
      const { data } = await admin.get<{ data: Named[] }>(`/datasets/${AGENT}`);
      const { id } = await admin.post<Run>("/training-runs", {
        name: "Adapter of the router",
        agent_id: AGENT,
        dataset_id: data[0]?.id,
        training_type: "lora",
        config: { backend: "trl" },
      });
      const drafted = await read(id);
      let phase = "running";
      const run = (): object => ({
        ...drafted,
        phase,
        status: phase,
        current_step: 60,
        total_steps: 120,
        progress_percentage: 47,
        started_at: "2026-01-01T00:00:00.000Z",
      });
      const points = Array.from({ length: 60 }, (_, index) => ({
        step: index + 1,
        loss: 0.4 + 1.8 * Math.exp(-index / 20) + 0.1 * Math.sin(index),
        ...(index % 20 === 19 ? { eval_loss: 0.6 + 1.6 * Math.exp(-index / 20) } : {}),
      }));
      const events = [
        ["started", {}],
        ["metrics", { points }],
        ["log", { lines: ["<b>epoch 1</b> of 2", "saved checkpoint-40"] }],
      ] as const;
      const stream = events
        .map(
          ([event, body], index) =>
            `id: ${index + 1}\nevent: ${event}\ndata: ${JSON.stringify({ ...body, created_at: "2026-01-01T00:00:00.000Z" })}\n\n`,
        )
        .join("");
      await context.route(`**/training-runs/by-id/${id}`, (route) => route.fulfill({ json: run() }));
      await context.route(`**/training-runs/by-id/${id}/artifacts`, (route) =>
        route.fulfill({
          json: {
            data: [
              {
                id,
                run_id: id,
                name: "adapter.gguf",
                kind: "adapter_gguf",
                sha256: "ab".repeat(32),
                bytes: 4_404_019,
                created_at: "2026-01-01T00:00:00.000Z",
              },
            ],
          },
        }),
      );
      await context.route(`**/training-runs/by-id/${id}/events`, (route) =>
        route.fulfill({ contentType: "text/event-stream", body: stream }),
      );
      await context.route(`**/training-runs/by-id/${id}/pause`, (route) => {
        phase = "paused";
        return route.fulfill({ status: 202, json: run() });
      });
      await page.goto(`${server.url}/runs/${id}${OF}`);
      await page.getByText("It is training: step 60 of 120.").waitFor();
      await page
        .getByRole("img", { name: /The loss fell from 2\.\d+ at step 1 to 0\.\d+ at step 60/ })
        .waitFor();
      await page.getByText("<b>epoch 1</b> of 2").waitFor();
      await page.getByText("4.4 MB").waitFor();
      await settled(page);
      expect(await barriers(page)).toEqual([]);
      await expect.poll(() => excess(page)).toEqual([]);
      await picture(page, `fine-tuning-${theme}-${width}`);
      await page.keyboard.press("p");
      await page.getByText("It is paused at its last checkpoint.").waitFor();
      await page.getByRole("button", { name: /^Resume/ }).waitFor();
      expect(offences).toEqual([]);
      await context.close();
    },
  );
});
