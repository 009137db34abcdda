import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../../../packages/react/src/testing/chromium.ts";
import { addColleague, type Api, createApi } from "./testing/api.ts";
import { openPage, type Watched } from "./testing/open-browser.ts";
import { startServer, type TestServer } from "./testing/start-server.ts";
import type { LearningExample, Page as Listed } from "./testing/wire.ts";

const AGENT = "support";
const LIMIT = 120_000;
const SECRET = "My tax number is on the letter of March";

// What leaves the system by a person's hand, and what is made of what they look at.
describeInChromium("files, cases and a person’s rights", () => {
  let server: TestServer;
  let browser: Browser;
  let admin: Api;
  let boss: Watched;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
    admin = createApi(server.url, server.adminKey);
    await admin.post("/agents", {
      slug: AGENT,
      name: "Support",
      policy: {
        training: {
          min_human_verified: 0,
          min_annotation_agreement: 0,
          min_doubly_annotated: 0,
          double_annotation_share: 0,
        },
      },
    });
    await admin.post("/executions", {
      executions: ["one", "two"].map((id) => ({
        agent_id: AGENT,
        execution_id: id,
        user_id: id === "one" ? "jane" : "joe",
        input_text: id === "one" ? SECRET : "When is the return due?",
        output_text: "In May.",
        status: "succeeded",
      })),
    });
    for (const id of ["one", "two"])
      await admin.post("/feedback", {
        agent_id: AGENT,
        execution_id: id,
        user_id: id === "one" ? "jane" : "joe",
        feedback_type: "correction",
        correction_text: `In April, ${id}.`,
      });
    const { api } = await addColleague(admin, server.url, "Ana", "annotator");
    const { data } = await admin.get<Listed<LearningExample>>(`/examples?agent_id=${AGENT}`);
    for (const { id } of data)
      await api.post("/annotations", {
        learning_example_id: id,
        decision: "approve",
        technical_accuracy: 0.9,
        professional_quality: 0.9,
        completeness: 0.9,
        clarity: 0.9,
      });
    boss = await openPage(browser, server.url, { key: server.adminKey });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = (path: string): Promise<unknown> =>
    boss.page.goto(`${server.url}${path}${path.includes("?") ? "&" : "?"}agent=${AGENT}`);
  const saved = async (
    page: Page,
    act: () => Promise<unknown>,
  ): Promise<{ name: string; lines: object[] }> => {
    const [download] = await Promise.all([page.waitForEvent("download"), act()]);
    const text = await readFile(await download.path(), "utf8");
    return {
      name: download.suggestedFilename(),
      lines: text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as object),
    };
  };

  it(
    "saves a frozen dataset in the format that is chosen",
    async () => {
      const { page } = boss;
      const { id } = await admin.post<{ id: string }>("/datasets", { agent_id: AGENT, name: "deadlines" });
      await admin.post(`/datasets/${id}/freeze`, {});
      await open(`/datasets/${id}`);
      const file = await saved(page, () => page.getByLabel("Export").selectOption("chat"));
      expect(file.name).toMatch(/^deadlines-\d+-chat\.jsonl$/);
      expect(file.lines).toHaveLength(2);
      expect(JSON.stringify(file.lines)).toContain(SECRET);
      for (const line of file.lines) expect(line).toHaveProperty("messages");
      await page.getByLabel("Export").and(page.locator(":enabled")).waitFor();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByLabel("Export").selectOption("parquet"),
      ]);
      expect(download.suggestedFilename()).toMatch(/^deadlines-\d+-parquet\.parquet$/);
      const bytes = await readFile(await download.path());
      expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(["PAR1", "PAR1"]);
    },
    LIMIT,
  );

  it(
    "makes a failed answer a case of the gate",
    async () => {
      const { page } = boss;
      await open("/executions/two");
      await page.getByRole("button", { name: "Make it a regression case" }).click();
      await page.getByLabel("What must it answer?").fill("In April.");
      await page.getByLabel("Slice").fill("deadlines");
      await page.getByRole("button", { name: "Make the case" }).click();
      await page.getByText("The gate asks it from now on.").waitFor();
      const { data } = await admin.get<Listed<object>>(`/regression-cases/${AGENT}`);
      expect(data).toEqual([
        expect.objectContaining({
          input_text: "When is the return due?",
          expected_output: "In April.",
          slice: "deadlines",
          is_pinned: true,
        }),
      ]);
    },
    LIMIT,
  );

  it(
    "gives everything about a person, then erases them, but not by a slip",
    async () => {
      const { page } = boss;
      await open("/members");
      await page.getByLabel("Person", { exact: true }).fill("nobody-knows");
      await page.getByRole("button", { name: "Save everything about them" }).click();
      await page.getByRole("alert").waitFor();
      await page.getByLabel("Person", { exact: true }).fill("jane");
      const file = await saved(page, () =>
        page.getByRole("button", { name: "Save everything about them" }).click(),
      );
      expect(file.name).toBe("jane.jsonl");
      expect(JSON.stringify(file.lines)).toContain(SECRET);
      expect(JSON.stringify(file.lines)).not.toContain("When is the return due?");

      await page.getByRole("button", { name: "Erase them" }).click();
      expect(await page.getByRole("button", { name: "Erase for ever" }).isDisabled()).toBe(true);
      await page.getByLabel("Type jane to erase them").fill("joe");
      expect(await page.getByRole("button", { name: "Erase for ever" }).isDisabled()).toBe(true);
      await page.getByLabel("Type jane to erase them").fill("jane");
      await page.getByRole("button", { name: "Erase for ever" }).click();
      await page.getByText(/^Erased: \d+ rows/).waitFor();
      const { data } = await admin.get<Listed<LearningExample>>(`/examples?agent_id=${AGENT}`);
      expect(JSON.stringify(data)).not.toContain(SECRET);
      expect(JSON.stringify(data)).toContain("When is the return due?");
    },
    LIMIT,
  );

  it("did nothing that no page may do", () => expect(boss.offences).toEqual([]));
});
