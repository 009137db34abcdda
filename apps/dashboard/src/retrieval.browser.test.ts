import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../../../packages/react/src/testing/chromium.ts";
import { addColleague, type Api, createApi } from "./testing/api.ts";
import { openPage } from "./testing/open-browser.ts";
import { startServer, type TestServer } from "./testing/start-server.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TOPICS = 20;
const WORDS = [
  "ledger",
  "permit",
  "salary",
  "invoice",
  "harbour",
  "garden",
  "engine",
  "visa",
  "pension",
  "export",
];
const wordsOf = (topic: number): string[] => [
  `${WORDS[topic % 10]}${topic}`,
  `${WORDS[(topic * 3 + 1) % 10]}${topic}`,
  `${WORDS[(topic * 7 + 2) % 10]}${topic}`,
];

interface AxeResult {
  violations: { id: string; nodes: { html: string }[] }[];
}
interface Run {
  id: string;
  status: string;
  candidate_version_id: string | null;
  metrics: Record<string, unknown>;
}
interface Claimed {
  task: { id: string; fencing_token: number };
  example: { id: string; input_text: string; output_a: string; output_b: string };
}

async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResult>("axe.run(document)");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

/** Questions in users' own words, of which a store that does not know these finds the right passage among others, in no order. */
async function seedRetrievals(admin: Api, chunkOf: (topic: number) => string): Promise<void> {
  const asked = Array.from({ length: 200 }, (_, index) => {
    const topic = (index * 7) % TOPICS;
    const words = wordsOf(topic).filter((_word, place) => place !== index % 3);
    const topics = [
      topic,
      ...Array.from({ length: 7 }, (_each, other) => (topic + 1 + other * 2 + (index % 5)) % TOPICS),
    ];
    const chunks = [...new Set(topics)]
      .map((each) => ({ chunk_id: chunkOf(each), score: ((index * 31 + each * 17) % 97) / 97 }))
      .sort((one, other) => other.score - one.score)
      .map((chunk, place) => ({ ...chunk, rank: place + 1 }));
    return { id: `request-${index}`, topic, query: `what about the ${words.join(" and the ")}`, chunks };
  });
  await admin.post("/executions", {
    executions: asked.map(({ id, query }, index) => ({
      agent_id: "support",
      execution_id: id,
      user_id: `user-${index % 40}`,
      input_text: query,
      output_text: "an answer",
      status: "succeeded",
    })),
  });
  await admin.post("/retrievals", {
    retrievals: asked.map(({ id, query, chunks }) => ({
      agent_id: "support",
      execution_id: id,
      query,
      chunks,
    })),
  });
  await admin.post("/feedback/batch", {
    feedback: asked.map(({ id, topic }, index) => ({
      agent_id: "support",
      execution_id: id,
      user_id: `user-${index % 40}`,
      feedback_type: "thumbs_up",
      metadata: { chunk_marks: [{ chunk_id: chunkOf(topic), relevant: true }] },
    })),
  });
}

/** Long documents in which each answer is one sentence, marked by those who asked. */
async function seedPassages(admin: Api): Promise<void> {
  const sentence = (topic: number, place: number): string =>
    `The ${wordsOf(topic)[place % 3]} number ${place} of part ${topic} is settled by the office within ${place + 2} days after it was filed.`;
  const documents = Array.from({ length: 6 }, (_, index) => ({
    document_id: `manual-${index}`,
    title: `Manual ${index}`,
    text: Array.from({ length: 60 }, (_each, place) => sentence(index, place)).join(" "),
  }));
  await admin.post("/agents/support/documents", { documents });
  const questions = Array.from({ length: 90 }, (_, index) => ({
    document: index % 6,
    place: (index * 11) % 60,
  }));
  await admin.post("/executions", {
    executions: questions.map(({ document, place }, index) => ({
      agent_id: "support",
      execution_id: `place-${index}`,
      user_id: `reader-${index % 30}`,
      input_text: `${wordsOf(document)[place % 3]} number ${place} of part ${document}`,
      output_text: "an answer",
      status: "succeeded",
    })),
  });
  await admin.post("/retrievals", {
    retrievals: questions.map(({ document, place }, index) => ({
      agent_id: "support",
      execution_id: `place-${index}`,
      query: `${wordsOf(document)[place % 3]} number ${place} of part ${document}`,
      chunks: [],
    })),
  });
  await admin.post("/feedback/batch", {
    feedback: questions.map(({ document, place }, index) => {
      const text = documents[document]?.text ?? "";
      const quote = sentence(document, place);
      const start = text.indexOf(quote);
      return {
        agent_id: "support",
        execution_id: `place-${index}`,
        user_id: `reader-${index % 30}`,
        feedback_type: "thumbs_up",
        metadata: {
          passages: [{ document_id: `manual-${document}`, start, end: start + quote.length, quote }],
        },
      };
    }),
  });
}

describeInChromium("what retrieval learned", () => {
  let server: TestServer;
  let browser: Browser;
  let admin: Api;
  let ranking: Run;
  let chunking: Run;
  const finished = async (config: object): Promise<Run> => {
    let run = await admin.post<Run>("/training-runs", {
      name: "Retrieval",
      agent_id: "support",
      training_type: "rag_training",
      config,
    });
    // Polled by hand: a set-up has no expect.poll.
    for (let round = 0; round < 800 && ["pending", "running"].includes(run.status); round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      run = await admin.get<Run>(`/training-runs/by-id/${run.id}`);
    }
    if (run.candidate_version_id === null) throw new Error(JSON.stringify(run));
    return run;
  };
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
    admin = createApi(server.url, server.adminKey);
    await admin.post("/agents", {
      slug: "support",
      name: "Support",
      policy: { retrieval_learning: { mode: "on_request" }, training: { double_annotation_share: 0 } },
    });
    const { id } = await admin.post<{ id: string }>("/agents/support/versions", {
      config: { runtime: "demonstrations", demonstrations: [{ input: "hello", output: "hi" }] },
    });
    await admin.post("/agents/support/serving", { version_id: id });
    await admin.post("/agents/support/documents", {
      documents: Array.from({ length: TOPICS }, (_, topic) => ({
        document_id: `page-${topic}`,
        title: `Page ${topic}`,
        text: `Part ${topic} says what the office does, whom it asks, and how long that takes.`,
      })),
    });
    const chunks = new Map<number, string>();
    for (let topic = 0; topic < TOPICS; topic += 1) {
      const found = await admin.post<{ chunks: { chunk_id: string; document_id: string }[] }>("/retrieve", {
        agent_id: "support",
        query: `part ${topic} says`,
        limit: 50,
      });
      const own = found.chunks.find((chunk) => chunk.document_id === `page-${topic}`);
      chunks.set(topic, own?.chunk_id ?? "");
    }
    await seedRetrievals(admin, (topic) => chunks.get(topic) ?? "");
    ranking = await finished({ method: "ranking" });
    await seedPassages(admin);
    chunking = await finished({ method: "chunking" });
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const THEMES = [
    ["light", 1280],
    ["dark", 1280],
    ["light", 360],
    ["dark", 360],
  ] as const;
  const look = async (
    address: string,
    name: string,
    [theme, width]: (typeof THEMES)[number],
    seen: (page: Page) => Promise<void>,
  ) => {
    const { context, page, offences } = await openPage(browser, server.url, {
      key: server.adminKey,
      colorScheme: theme,
      viewport: { width, height: 900 },
    });
    await page.goto(server.url + address);
    await seen(page);
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    const folder = process.env["SCREENSHOTS"];
    if (folder !== undefined)
      await page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`), fullPage: true });
    await context.close();
    return offences;
  };

  it("gives error rates with intervals as people answer, blind, the checks that the page sends them to", async () => {
    const { api } = await addColleague(admin, server.url, "Anna", "annotator");
    const { context, page, offences } = await openPage(browser, server.url, { key: server.adminKey });
    await page.goto(`${server.url}/retrieval?run=${ranking.id}`);
    const link = page.getByRole("link", { name: /^Answer \d+ checks$/ });
    const queueId = new URL((await link.getAttribute("href")) ?? "", server.url).searchParams.get("queue");
    await page
      .getByText(/Nobody has answered yet/)
      .first()
      .waitFor();
    const claim = () => api.post<Claimed | undefined>("/annotations/claim", { queue_id: queueId });
    for (let claimed = await claim(); claimed !== undefined; claimed = await claim()) {
      const { task, example } = claimed;
      const topic = /\D(\d+)$/.exec(example.input_text)?.[1] ?? "";
      const place = (output: string): number => (output + "\n").indexOf(`. Page ${topic}\n`) >>> 0;
      const [a, b] = [place(example.output_a), place(example.output_b)];
      await api.post("/annotations", {
        learning_example_id: example.id,
        annotation_type: "review",
        decision: "approve",
        preference: { preferred: a === b ? "tie" : a < b ? "A" : "B" },
        task_id: task.id,
        fencing_token: task.fencing_token,
      });
    }
    await page.reload();
    await page.getByText("0.0\u00a0% worse", { exact: false }).first().waitFor();
    expect(await page.getByText(/Nobody has answered yet/).count()).toBe(0);
    expect(await link.count()).toBe(0);
    expect(offences).toEqual([]);
    await context.close();
  });

  it.each(THEMES)(
    "shows what moved and why, slices and spot checks, accessible in %s at %i px",
    async (...theme) => {
      const offences = await look(`/retrieval?run=${ranking.id}`, "retrieval", theme, async (page) => {
        await page.getByRole("heading", { name: /^What moved: \d+ queries$/ }).waitFor();
        const first = page.locator(".move-list details").first();
        await first.getByRole("heading", { name: "Before" }).waitFor();
        await first
          .getByText(/Questions like this one led to it \(likeness [01]\.\d\d\)/)
          .first()
          .waitFor();
        await first
          .getByText(/Relevant$/)
          .first()
          .waitFor();
        await first
          .getByText(/says what the office does/)
          .first()
          .waitFor();
        await page.getByRole("rowheader", { name: "Known topics" }).waitFor();
        await page.getByText("At random").waitFor();
      });
      expect(offences).toEqual([]);
    },
  );

  it.each(THEMES)("draws how documents are cut, accessible in %s at %i px", async (...theme) => {
    const offences = await look(`/retrieval?run=${chunking.id}`, "chunking", theme, async (page) => {
      await page.getByRole("rowheader", { name: "All documents" }).waitFor();
      await page
        .getByRole("img", { name: /^Before: \d+ chunks; / })
        .first()
        .waitFor();
      await page
        .getByRole("img", { name: /^After: \d+ chunks; / })
        .first()
        .waitFor();
    });
    expect(offences).toEqual([]);
  });

  it("opens by the keyboard at the newest run with a candidate, and leads to the run", async () => {
    const { context, page, offences } = await openPage(browser, server.url, { key: server.adminKey });
    await page.goto(server.url);
    await page.locator("main h1").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("v");
    await page.getByRole("heading", { name: "How documents are cut" }).waitFor();
    await page.getByLabel("Run").selectOption(ranking.id);
    await page.getByRole("heading", { name: /^What moved/ }).waitFor();
    await page.getByRole("link", { name: "Retrieval", exact: true }).last().click();
    await page.waitForURL(`**/runs/${ranking.id}**`);
    expect(offences).toEqual([]);
    await context.close();
  });
});
