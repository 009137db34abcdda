import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../../../packages/react/src/testing/chromium.ts";
import { type Api, createApi } from "./testing/api.ts";
import { openPage, type Watched } from "./testing/open-browser.ts";
import { startServer, type TestServer } from "./testing/start-server.ts";

const AGENT = "support";
const LIMIT = 120_000;

interface Draft {
  status: string;
  control_config: { version_id: string };
  treatment_config: { version_id: string };
  control_percentage: number;
  treatment_percentage: number;
  additional_treatments: { name: string; percentage: number; config: { version_id: string } }[];
  primary_metric: string;
  minimum_effect: number | null;
  allocation: { policy: string };
  metrics: { name: string; role: string }[];
}

// What an experiment is to be, said at the page, is what the server has.
describeInChromium("an experiment that a person draws up", () => {
  let server: TestServer;
  let browser: Browser;
  let admin: Api;
  let lead: Watched;
  const versions: string[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
    admin = createApi(server.url, server.adminKey);
    await admin.post("/agents", { slug: AGENT, name: "Support" });
    for (const change of ["As it is", "Shorter", "Bolder"]) {
      const { id } = await admin.post<{ id: string }>(`/agents/${AGENT}/versions`, {
        config: { runtime: "demonstrations", components: { system_prompt: change }, demonstrations: [] },
        change_summary: change,
      });
      versions.push(id);
      if (versions.length === 1) await admin.post(`/agents/${AGENT}/serving`, { version_id: id });
    }
    lead = await openPage(browser, server.url, { key: server.adminKey });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const openDialog = async (): Promise<void> => {
    await lead.page.goto(`${server.url}/experiments?agent=${AGENT}`);
    await lead.page.getByRole("button", { name: /^New experiment/ }).click();
    await lead.page.getByText("Everybody takes part.").waitFor();
  };
  const drafted = async (): Promise<Draft> => {
    await lead.page.waitForURL(/\/experiments\/[0-9a-f-]{36}/);
    const id = new URL(lead.page.url()).pathname.split("/").at(-1);
    return admin.get<Draft>(`/experiments/by-id/${id}`);
  };

  it(
    "has three arms, their shares, a holdout, a goal and a bandit",
    async () => {
      const { page } = lead;
      await openDialog();
      await page.getByLabel("Name", { exact: true }).fill("Which tone?");
      await page.getByRole("button", { name: "Add a treatment" }).click();
      // Every version has an arm: there is none left to add.
      expect(await page.getByRole("button", { name: "Add a treatment" }).isDisabled()).toBe(true);
      await page.getByLabel("Share of Control, percent").fill("50");
      await page.getByText("The arms come to 116 %: lower them by 16 in all.").waitFor();
      expect(await page.getByRole("button", { name: "Draft it" }).isDisabled()).toBe(true);
      for (const arm of ["Control", "First treatment", "treatment-2"])
        await page.getByLabel(`Share of ${arm}, percent`).fill("20");
      await page.getByText("40 % of the users stay outside of the experiment").waitFor();
      await page.getByText("Move users to the arms that look best").click();
      await page.getByLabel("What decides").selectOption("task_completion");
      await page.getByLabel("Least effect worth finding, percent").fill("10");
      await page.getByRole("button", { name: "Draft it" }).click();
      const experiment = await drafted();
      expect(experiment).toMatchObject({
        status: "draft",
        control_config: { version_id: versions[0] },
        control_percentage: 20,
        treatment_percentage: 20,
        additional_treatments: [{ name: "treatment-2", percentage: 20 }],
        primary_metric: "task_completion",
        minimum_effect: 0.1,
        allocation: { policy: "bandit" },
      });
      const tested = [
        experiment.treatment_config.version_id,
        experiment.additional_treatments[0]?.config.version_id,
      ];
      expect(tested.toSorted()).toEqual(versions.slice(1).toSorted());
      // What nobody asked for is watched all the same.
      expect(experiment.metrics).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: "error_rate", role: "guardrail" }),
          expect.objectContaining({ name: "satisfaction", role: "guardrail" }),
        ]),
      );
    },
    LIMIT,
  );

  it(
    "is told what the server refuses, and keeps what was typed",
    async () => {
      const { page } = lead;
      await openDialog();
      await page.getByLabel("Name", { exact: true }).fill("Against itself");
      await page.getByLabel("Version of Treatment").selectOption(versions[0] ?? "");
      await page.getByRole("button", { name: "Draft it" }).click();
      await page.getByText("is the control's version: there is nothing to compare").first().waitFor();
      expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Against itself");
      await page.getByLabel("Version of Treatment").selectOption(versions[1] ?? "");
      await page.getByRole("button", { name: "Draft it" }).click();
      expect(await drafted()).toMatchObject({
        control_percentage: 50,
        treatment_percentage: 50,
        additional_treatments: [],
        primary_metric: "satisfaction",
        allocation: { policy: "fixed" },
      });
    },
    LIMIT,
  );

  it(
    "runs, and is stopped for good",
    async () => {
      const { page } = lead;
      await page.getByRole("button", { name: /^Launch/ }).click();
      await page.getByText("The experiment runs.").waitFor();
      await page.getByRole("button", { name: "Stop", exact: true }).click();
      await page.getByRole("button", { name: "Stop for good" }).click();
      await page.getByText("The experiment is stopped").waitFor();
      expect((await drafted()).status).toBe("stopped");
      expect(await page.getByRole("button", { name: /^Launch/ }).count()).toBe(0);
    },
    LIMIT,
  );

  it("did nothing that no page may do", () => expect(lead.offences).toEqual([]));
});
