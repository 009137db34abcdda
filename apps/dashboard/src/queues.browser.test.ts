import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../../../packages/react/src/testing/chromium.ts";
import { addColleague, type Api, createApi } from "./testing/api.ts";
import { barriers, excess, picture, settled, VIEWS } from "./testing/look-at.ts";
import { openPage, type Watched } from "./testing/open-browser.ts";
import { startServer, type TestServer } from "./testing/start-server.ts";
import type { LearningExample, Page } from "./testing/wire.ts";

const AGENT = "support";
const OF = `?agent=${AGENT}`;
const EXAMPLES = 12;
const GOLD = 4;
const LIMIT = 180_000;

interface Named {
  id: string;
}
interface Claim {
  task: { id: string; fencing_token: number };
  example: LearningExample;
}
type Colleague = Awaited<ReturnType<typeof addColleague>>;

const scores = (value: number): object => ({
  technical_accuracy: value,
  professional_quality: value,
  completeness: Math.max(0, value - 0.1),
  clarity: value,
});

describeInChromium("queues and the people who annotate", () => {
  let server: TestServer;
  let browser: Browser;
  let admin: Api;
  let corrections: string;
  let people: Colleague[];
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
    admin = createApi(server.url, server.adminKey);
    const policy = { training: { double_annotation_share: 0 } };
    await admin.post("/agents", { slug: AGENT, name: "Support", policy });
    const { id } = await admin.post<Named>("/queues", {
      agent_id: AGENT,
      name: "Corrections of the tax desk",
      filter: { example_types: ["correction"] },
      overlap: 3,
      gold_share: 0,
      guidelines: "Deadlines are those of the current year.\nA wrong date is a wrong core.",
    });
    corrections = id;
    people = [];
    for (const [name, role] of [
      ["Ana", "annotator"],
      ["Ben", "annotator"],
      ["Cara", "reviewer"],
    ] as const)
      people.push(await addColleague(admin, server.url, name, role));
    await seedAnnotations();
    await seedGold();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Corrections that Ana and Ben judged; they differ on every fourth. Cara's third judgement is still wanted. */
  async function seedAnnotations(): Promise<void> {
    const indices = Array.from({ length: EXAMPLES }, (_, index) => index);
    await admin.post("/executions", {
      executions: indices.map((index) => ({
        agent_id: AGENT,
        execution_id: `request-${index}`,
        user_id: `user-${index}`,
        input_text: `When is return ${index} due?`,
        output_text: "15 March",
        status: "succeeded",
      })),
    });
    await admin.post("/feedback/batch", {
      feedback: indices.map((index) => ({
        agent_id: AGENT,
        execution_id: `request-${index}`,
        user_id: `user-${index}`,
        feedback_type: "correction",
        correction_text: `31 March, for return ${index}`,
      })),
    });
    const { data } = await admin.get<Page<LearningExample>>(`/examples?agent_id=${AGENT}&limit=50`);
    for (const [index, example] of data.entries())
      for (const [who, person] of people.slice(0, 2).entries())
        await person.api.post("/annotations", {
          learning_example_id: example.id,
          decision: index % 4 === 0 && who === 1 ? "reject" : "approve",
          ...scores(index % 3 === 0 ? 0.7 + who * 0.3 : 0.9),
        });
  }

  /** Known answers that Ana meets and Ben misses. */
  async function seedGold(): Promise<void> {
    const { id: queue } = await admin.post<Named>("/queues", {
      agent_id: AGENT,
      name: "Known answers only",
      filter: { tags: ["known"] },
      gold_share: 1,
    });
    for (let index = 0; index < GOLD; index += 1) {
      const { id } = await admin.post<Named>("/examples", {
        agent_id: AGENT,
        example_type: "positive",
        input_text: `Is ${index} a number?`,
        expected_output: "yes",
        tags: ["known"],
      });
      await admin.post("/gold", { learning_example_id: id, decision: "approve" });
    }
    for (const [who, person] of people.slice(0, 2).entries())
      for (let index = 0; index < GOLD; index += 1) {
        const claim = await person.api.post<Claim>("/annotations/claim", {
          agent_id: AGENT,
          queue_id: queue,
        });
        await person.api.post("/annotations", {
          learning_example_id: claim.example.id,
          task_id: claim.task.id,
          fencing_token: claim.task.fencing_token,
          decision: who === 0 ? "approve" : "reject",
          ...scores(0.9),
        });
      }
  }

  const open = (key: string, more: object = {}): Promise<Watched> =>
    openPage(browser, server.url, { key, reducedMotion: "reduce", ...more });

  it.each(VIEWS)(
    "show what they are asked for, accessible, in %s at %i px",
    async (theme, width) => {
      const { context, page, offences } = await open(server.adminKey, {
        colorScheme: theme,
        viewport: { width, height: 900 },
      });
      const pages = {
        queues: `/queues${OF}`,
        queue: `/queues/${corrections}${OF}`,
        annotations: `/annotations${OF}&queue=${corrections}&days=7`,
        agreement: `/agreement${OF}`,
        annotators: `/annotators${OF}`,
        "annotation-queue": `/admin/learning/annotation${OF}&queue=${corrections}`,
      };
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(server.url + path);
        await settled(page);
        expect(await barriers(page), name).toEqual([]);
        await expect.poll(() => excess(page), { message: name }).toEqual([]);
        await picture(page, `${name}-${theme}-${width}`);
      }
      expect(offences).toEqual([]);
      await context.close();
    },
    LIMIT,
  );

  it("lead from a person's pace to the annotations behind it, and keep the span in the address", async () => {
    const { context, page, offences } = await open(server.adminKey);
    await page.goto(`${server.url}/queues/${corrections}${OF}`);
    await page.getByText(`${EXAMPLES} annotations are wanted; at the pace`).waitFor();
    await page.getByText("A wrong date is a wrong core.").waitFor();
    await page.getByLabel("In the last").selectOption("14");
    await expect.poll(() => page.url()).toContain("days=14");
    const ana = page.getByRole("row", { name: /^Ana/ });
    await ana.getByRole("link", { name: String(EXAMPLES) }).click();
    await expect.poll(() => page.url()).toContain(`expert=${people[0]?.userId}`);
    await page.getByText("of one person in").waitFor();
    // Nobody else's judgement is shown while an example is in review: a third is wanted of each.
    await page.getByText("No annotation of this kind").waitFor();
    await page.goBack();
    await page.getByText("Who annotates here").waitFor();
    expect(page.url()).toContain("days=14");
    expect(offences).toEqual([]);
    await context.close();
  });

  it("are made, changed and closed by a reviewer, by keyboard", async () => {
    const { context, page, offences } = await open(server.adminKey);
    await page.goto(`${server.url}/queues${OF}`);
    await page.getByText("Known answers only").waitFor();
    await page.keyboard.press("c");
    // The name has the focus.
    await page.keyboard.type("Unsure ones");
    expect(await barriers(page)).toEqual([]);
    await picture(page, "queue-dialog");
    await page.getByLabel("Failure", { exact: true }).check();
    await page.getByLabel("Agent at most this sure").fill("40");
    await page.getByLabel("Order").selectOption("uncertainty");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Unsure ones", level: 1 }).waitFor();
    await page.getByText("Failure, of which the agent was at most 40").waitFor();
    await page.keyboard.press("e");
    await page.getByLabel("Takes new examples").selectOption("no");
    await page.getByLabel("People an example").fill("11");
    await page.getByRole("button", { name: "Save" }).click();
    // The browser refuses what is out of bounds; nothing was sent.
    await page.getByLabel("People an example").fill("2");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The queue is changed").waitFor();
    await page.getByText(/Closed$/).waitFor();
    const { data } = await admin.get<Page<{ name: string }>>(`/queues?agent_id=${AGENT}`);
    expect(data[0]).toMatchObject({
      name: "Unsure ones",
      filter: { example_types: ["failure"], max_confidence: 0.4 },
      ordering: "uncertainty",
      overlap: 2,
      is_active: false,
    });
    expect(offences).toEqual([]);
    await context.close();
  });

  it("are worked on with their own guidelines, and what is done counts in them", async () => {
    const { key } = people[2]!;
    const { context, page, offences } = await open(key);
    await page.goto(`${server.url}/admin/learning/annotation${OF}`);
    await page.getByText("Everything waits in a queue").waitFor();
    await page.getByLabel("Queue").selectOption({ label: "Corrections of the tax desk" });
    await page.getByText(`${EXAMPLES} annotations wait`).waitFor();
    expect(page.url()).toContain(`queue=${corrections}`);
    await page.keyboard.press("c");
    await page.getByText("A wrong date is a wrong core.").waitFor();
    expect(await barriers(page)).toEqual([]);
    await picture(page, "annotating-in-a-queue");
    await page.keyboard.press("9");
    await page.keyboard.press("a");
    await page.getByText("1 example judged in this sitting").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText(`${EXAMPLES - 1} annotations wait`).waitFor();
    await page.goto(`${server.url}/queues/${corrections}${OF}`);
    await page.getByRole("row", { name: /^Cara/ }).getByRole("link", { name: "1", exact: true }).click();
    await page.getByRole("row", { name: /Approved/ }).waitFor();
    expect(offences).toEqual([]);
    await context.close();
  });

  it("are decided on at once by a reviewer, after a count", async () => {
    const { context, page, offences } = await open(server.adminKey);
    await page.goto(`${server.url}/queues/${corrections}${OF}`);
    await page.getByRole("button", { name: "Decide on many" }).click();
    await page.getByLabel("Why?").fill("The form was withdrawn.");
    await page.getByRole("button", { name: /^Reject \d+/ }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await picture(page, "bulk-dialog");
    const many = await page.getByRole("button", { name: /^Reject \d+/ }).textContent();
    expect(Number(many?.replace(/\D/g, ""))).toBeGreaterThan(3);
    await page.getByLabel("Type of example").selectOption("positive");
    await page.getByText("Nothing in review fits.").waitFor();
    await page.getByLabel("Type of example").selectOption("correction");
    await page.getByRole("button", { name: /^Reject \d+/ }).click();
    await page.getByText(/examples are done\./).waitFor();
    await expect
      .poll(async () => (await admin.get<{ open: number }>(`/queues/${corrections}/progress`)).open)
      .toBe(0);
    await page.getByRole("button", { name: "Second look" }).click();
    await page.getByText(/compared, 0 are doubtful/).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog[open]").count()).toBe(0);
    expect(offences).toEqual([]);
    await context.close();
  });

  it("are measured: who meets known answers, and how far people agree", async () => {
    const { context, page, offences } = await open(server.adminKey);
    await page.goto(`${server.url}/annotators${OF}`);
    await page.getByText(/2 measured by known answers/).waitFor();
    const table = page.getByRole("region", { name: "What each person’s word counts" });
    const cells = (name: string): Promise<string[]> =>
      table
        .getByRole("row", { name: new RegExp(`^${name}`) })
        .locator("td")
        .allTextContents();
    // After the link to what they annotated: known answers met, and missed.
    expect((await cells("Ana")).slice(2, 4)).toEqual([String(GOLD), "0"]);
    expect((await cells("Ben")).slice(2, 4)).toEqual(["0", String(GOLD)]);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel("Example", { exact: true }).selectOption({ label: "When is return 3 due?" });
    await page.getByLabel("Right decision").selectOption("reject");
    await page.keyboard.press("Escape");
    await page
      .getByRole("button", { name: /^Retire the known answer/ })
      .first()
      .click();
    await page.getByText("An ordinary example again.").waitFor();

    await page.goto(`${server.url}/agreement${OF}`);
    await page.getByText(/decide alike \d+\s%/).waitFor();
    await page.getByLabel("Queue").selectOption({ label: "Known answers only" });
    await page.getByText("Nobody has judged the same example yet").waitFor();
    expect(page.url()).toContain("queue=");
    // Who annotates does not read the answers that measure them.
    const ana = await open(people[0]?.key ?? "");
    await ana.page.goto(`${server.url}/annotators${OF}`);
    await ana.page.getByText("Your role does not see this").waitFor();
    expect([...offences, ...ana.offences]).toEqual([]);
    await ana.context.close();
    await context.close();
  });
});
