import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../../../packages/react/src/testing/chromium.ts";
import { addColleague, type Api, createApi } from "./testing/api.ts";
import { openPage, type Watched } from "./testing/open-browser.ts";
import { startServer, type TestServer } from "./testing/start-server.ts";
import type { Annotation, LearningExample, Page, RolloutDetails } from "./testing/wire.ts";

const AGENT = "support";
const PATIENCE = { timeout: 60_000 };
/** A test is many steps of several people, one after the other; a busy machine takes its time for each. */
const LIMIT = 180_000;

interface Named {
  id: string;
}

// What people decide, each on a real server by the keyboard or the mouse: who does it, why, and what is left of it.
describeInChromium("what people decide", () => {
  let server: TestServer;
  let browser: Browser;
  let admin: Api;
  let machine: Api;
  let boss: Watched;
  let versions: string[];

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
    admin = createApi(server.url, server.adminKey);
    await admin.post("/agents", {
      slug: AGENT,
      name: "Support",
      policy: {
        training: {
          annotation_overlap: 2,
          min_human_verified: 0,
          min_annotation_agreement: 0,
          min_doubly_annotated: 0,
          double_annotation_share: 0,
        },
      },
    });
    const { key } = await admin.post<{ key: string }>("/api-keys", { kind: "secret", name: "agent" });
    machine = createApi(server.url, key);
    versions = [];
    for (const number of [1, 2, 3]) {
      // A machine's work, so that the person at the browser may approve it.
      const { id } = await machine.post<Named>(`/agents/${AGENT}/versions`, {
        config: {
          runtime: "demonstrations",
          components: { system_prompt: `Answer politely, version ${number}.` },
          demonstrations: [{ input: "When is the return due?", output: number === 3 ? "never" : "in April" }],
        },
        change_summary: `Change ${number}`,
      });
      versions.push(id);
      if (number === 1) await admin.post(`/agents/${AGENT}/serving`, { version_id: id });
    }
    boss = await openPage(browser, server.url, { key: server.adminKey });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = ({ page }: Watched, path: string): Promise<unknown> =>
    page.goto(`${server.url}${path}${path.includes("?") ? "&" : "?"}agent=${AGENT}`);
  const rolloutOf = (id: string): Promise<RolloutDetails> => admin.get(`/rollouts/${id}`);
  const startRollout = async (versionId: string): Promise<string> => {
    const { id } = await admin.post<Named>("/rollouts", { agent_id: AGENT, candidate_version_id: versionId });
    await admin
      .post(`/agents/${AGENT}/versions/${versionId}/review`, { decision: "approve" })
      .catch(() => undefined);
    return id;
  };

  it(
    "adds a member, changes a role, makes a key that is shown once, and revokes it",
    async () => {
      const { page } = boss;
      await open(boss, "/members");
      await page.getByRole("button", { name: /Add a member/ }).click();
      await page.getByLabel("Name").fill("Gita");
      await page.getByLabel("Role").last().selectOption("viewer");
      await page.getByRole("button", { name: "Add", exact: true }).last().click();
      await page.getByText(/Gita is a member/).waitFor();
      await page.getByLabel("Role of Gita").selectOption("annotator");
      await page.getByText("Gita is annotator now.").waitFor();

      await open(boss, "/keys");
      await page.getByRole("button", { name: /New key/ }).click();
      await page.getByLabel("Name").fill("Gita’s laptop");
      await page.getByLabel("For").selectOption("user");
      await page.getByLabel("Person").selectOption({ label: "Gita, annotator" });
      await page.getByRole("button", { name: "Make it" }).click();
      const key = await page.getByRole("textbox", { name: "Key" }).inputValue();
      expect(key).toMatch(/^als_uk_/);
      await page.getByRole("button", { name: "I have kept it" }).click();
      await page.getByText("Gita’s laptop").waitFor();
      expect(await page.content()).not.toContain(key);

      const gita = await openPage(browser, server.url, { key });
      await gita.page.goto(`${server.url}/agents?agent=${AGENT}`);
      await gita.page.getByText("annotator ·").waitFor();
      // What needs an admin is not offered.
      await gita.page.goto(`${server.url}/keys?agent=${AGENT}`);
      await gita.page.getByText("Ask an admin").waitFor();
      await page.getByRole("button", { name: "Revoke Gita’s laptop" }).click();
      await page.getByRole("button", { name: "Revoke", exact: true }).last().click();
      await page.getByText("Revoked: whoever uses it").waitFor();
      await gita.page.goto(`${server.url}/agents?agent=${AGENT}`);
      await gita.page.getByRole("heading", { name: /Sign in/ }).waitFor();
      expect(gita.offences).toEqual([]);
      await gita.context.close();
    },
    LIMIT,
  );

  it(
    "changes what users may complain of, and takes a category out of the offer",
    async () => {
      const { page } = boss;
      await open(boss, "/members");
      await page.getByLabel("A further category").fill("Tone too harsh");
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByRole("link", { name: "Tone too harsh" }).waitFor();
      await page.getByRole("checkbox", { name: "Offer Tone too harsh" }).click();
      await page.getByText("No longer offered").waitFor();
      const { issue_categories: categories } = await admin.get<{
        issue_categories: { slug: string; is_active: boolean }[];
      }>("/organization");
      expect(categories.find(({ slug }) => slug === "tone_too_harsh")).toMatchObject({ is_active: false });
    },
    LIMIT,
  );

  it(
    "changes an agent and its policy; who comes second is told",
    async () => {
      const { page } = boss;
      await open(boss, `/agents/${AGENT}`);
      await page.getByRole("button", { name: "Change" }).last().click();
      await page.getByLabel("Highest error rate").fill("0.03");
      await page.getByLabel("Share of stage 1, percent").fill("10");
      await page.getByLabel("A passing gate is needed").selectOption("never");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("The policy is changed.").waitFor();
      const agent = await admin.get<{
        policy: { guardrails: { max_error_rate: number }; rollout: { stages: object[] }; gate: object };
      }>(`/agents/${AGENT}`);
      expect(agent.policy.guardrails.max_error_rate).toBe(0.03);
      expect(agent.policy.rollout.stages[0]).toEqual({ share: 0.1, hours: 24 });
      expect(agent.policy.gate).toEqual({ required: "never" });

      const second = await openPage(browser, server.url, { key: server.adminKey });
      await open(second, `/agents/${AGENT}`);
      await second.page.getByRole("button", { name: "Change" }).first().click();
      await page.getByRole("button", { name: "Change" }).first().click();
      await page.getByLabel("Name", { exact: true }).fill("Support desk");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { name: "Support desk" }).waitFor();
      await second.page.getByLabel("Name", { exact: true }).fill("Something else");
      await second.page.getByRole("button", { name: "Save" }).click();
      await second.page.getByRole("alert").waitFor();
      expect((await admin.get<{ name: string }>(`/agents/${AGENT}`)).name).toBe("Support desk");
      await second.context.close();
    },
    LIMIT,
  );

  it(
    "settles what two annotators judged differently",
    async () => {
      for (const [index, output] of ["15 April", "30 April"].entries())
        await admin.post("/examples", {
          agent_id: AGENT,
          example_type: "correction",
          input_text: `Deadline ${index}?`,
          original_output: "May",
          expected_output: output,
        });
      const { data: examples } = await admin.get<Page<LearningExample>>(
        `/examples?agent_id=${AGENT}&review_status=pending`,
      );
      expect(examples.map(({ input_text: text }) => text).toSorted()).toEqual(["Deadline 0?", "Deadline 1?"]);
      // Each by keyboard at a desk of their own: the first one approves, the second one rejects.
      for (const [name, decision] of [
        ["Ana", "a"],
        ["Ben", "r"],
      ] as const) {
        const { api, key, userId } = await addColleague(admin, server.url, name, "annotator");
        const person = await openPage(browser, server.url, { key });
        await open(person, "/admin/learning/annotation");
        await person.page.getByRole("button", { name: /Start annotating/ }).waitFor();
        await person.page.keyboard.press("c");
        for (const done of examples.keys()) {
          await person.page.locator("[data-task]").waitFor();
          await person.page.keyboard.press("9");
          await person.page.keyboard.press(decision);
          await person.page
            .getByText(`${done + 1} example`)
            .first()
            .waitFor();
        }
        await person.page.keyboard.press("Escape");
        await person.page.getByRole("button", { name: /Start annotating/ }).waitFor();
        await expect
          .poll(
            async () => (await api.get<Page<Annotation>>(`/annotations?expert_id=${userId}`)).data.length,
            PATIENCE,
          )
          .toBe(examples.length);
        expect(person.offences).toEqual([]);
        await person.context.close();
      }
      const { key } = await addColleague(admin, server.url, "Third", "reviewer");
      const third = await openPage(browser, server.url, { key });
      await open(third, "/adjudication");
      await third.page.getByText("2 disagreements wait").waitFor(PATIENCE);
      await third.page.keyboard.press("c");
      await third.page.locator("[data-task]").waitFor();
      // Both judgements are there to be weighed.
      await third.page.getByText("Approved").first().waitFor();
      await third.page.getByText("Rejected").first().waitFor();
      await third.page.keyboard.press("8");
      await third.page.keyboard.press("a");
      await third.page.getByText("1 example").first().waitFor();
      await third.page.keyboard.press("r");
      await third.page.getByText("2 examples").first().waitFor();
      await third.page.keyboard.press("Escape");
      const decided = async (): Promise<string[]> =>
        Promise.all(
          examples.map(
            async ({ id }) => (await admin.get<{ review_status: string }>(`/examples/${id}`)).review_status,
          ),
        );
      await expect.poll(async () => (await decided()).toSorted(), PATIENCE).toEqual(["approved", "rejected"]);
      const { data } = await admin.get<Page<Annotation>>("/annotations?limit=50");
      expect(data.filter(({ annotation_type: type }) => type === "adjudication")).toHaveLength(2);
      expect(third.offences).toEqual([]);
      await third.context.close();
    },
    LIMIT,
  );

  it(
    "holds a version to the gate: a broken case is shown against what was expected, and it is asked again",
    async () => {
      const { page } = boss;
      await admin.post("/regression-cases", {
        agent_id: AGENT,
        input_text: "When is the return due?",
        expected_output: "in April",
        slice: "deadlines",
      });
      await open(boss, `/agents/${AGENT}/versions/${versions[2] ?? ""}`);
      await page.getByText("This version has not been held to").waitFor();
      await page.getByRole("button", { name: "Hold it to the gate" }).click();
      await page.getByRole("heading", { name: "Gate: Version 3" }).waitFor();
      await page.getByRole("heading", { name: /Cases: 1 broken/ }).waitFor(PATIENCE);
      await page.getByRole("rowheader", { name: "deadlines" }).waitFor();
      await page.locator(".case-list summary").first().click();
      expect(await page.locator(".case-list del").first().textContent()).toContain("in April");
      expect(await page.locator(".case-list ins").first().textContent()).toContain("never");
      await page.getByText("Personal data").first().waitFor();
      const first = page.url();
      await page.getByRole("button", { name: /Run again/ }).click();
      await page.waitForURL((url) => url.href !== first && url.pathname.startsWith("/gate/"));
      await page.getByRole("heading", { name: /Cases: 1 broken/ }).waitFor(PATIENCE);
      // From the version, both reports.
      await open(boss, `/agents/${AGENT}/versions/${versions[2] ?? ""}`);
      await expect.poll(() => page.locator("a[href^='/gate/']").count(), PATIENCE).toBe(2);
      await open(boss, "/regression-cases");
      await page.getByRole("button", { name: "Unpin" }).click();
      await page.getByText("Unpinned").waitFor();
    },
    LIMIT,
  );

  it(
    "reviews a prompt: the difference in words, rejected with notes",
    async () => {
      const { page } = boss;
      const { key } = await addColleague(admin, server.url, "Rita", "reviewer");
      const rita = await openPage(browser, server.url, { key });
      await open(rita, `/agents/${AGENT}/versions/${versions[1] ?? ""}`);
      await rita.page.getByRole("button", { name: "Edit as a new version" }).click();
      await rita.page.getByLabel("System prompt").fill("Answer curtly, version 2.");
      await rita.page.getByLabel("What changes, and why").fill("Shorter answers");
      await rita.page.getByRole("button", { name: "Make the version" }).click();
      await rita.page.getByRole("heading", { name: "Version 4" }).waitFor();
      await page.goto(rita.page.url());
      await page.getByRole("heading", { name: "Version 4" }).waitFor();
      await expect
        .poll(() => page.locator(".text-diff del").allTextContents(), PATIENCE)
        .toContain("politely");
      expect(await page.locator(".text-diff ins").allTextContents()).toContain("curtly");
      await page.keyboard.press("v");
      await page.getByLabel("Notes").fill("Too curt for clients.");
      await page.getByRole("button", { name: "Reject" }).click();
      await page.getByText("Rejected.").waitFor();
      await page.getByText("Too curt for clients.").waitFor();
      expect(rita.offences).toEqual([]);
      await rita.context.close();
    },
    LIMIT,
  );

  it(
    "starts, pauses, resumes and promotes a rollout, each with its reason, to the end",
    async () => {
      const { page } = boss;
      const id = await startRollout(versions[1] ?? "");
      await open(boss, `/rollouts/${id}`);
      await page.getByRole("button", { name: /^Start/ }).click();
      await page.getByText(/10\s% of users have the candidate/).waitFor(PATIENCE);
      await page.keyboard.press("p");
      await page.keyboard.type("Waiting for the billing team");
      await page.keyboard.press("Enter");
      await page.getByText(/Paused at 10\s%: nothing moves it/).waitFor(PATIENCE);
      await page.getByRole("button", { name: /^Go on/ }).click();
      await page.getByRole("button", { name: "Go on" }).last().click();
      await page.getByText(/10\s% of users have the candidate/).waitFor(PATIENCE);
      // A promotion asks why, and does nothing without; nor does the person whose work it is do it.
      await page.keyboard.press("m");
      await page.getByRole("heading", { name: "Promote without waiting" }).waitFor();
      await page.keyboard.press("Enter");
      await page.keyboard.type("I am in a hurry");
      await page.keyboard.press("Enter");
      await page.getByText("Nobody promotes a rollout that they created").waitFor(PATIENCE);
      await page.keyboard.press("Escape");
      expect((await rolloutOf(id)).stage).toBe(0);
      const { key } = await addColleague(admin, server.url, "Omar", "reviewer");
      const omar = await openPage(browser, server.url, { key });
      await open(omar, `/rollouts/${id}`);
      for (const [reason, outcome] of [
        ["Tried by the whole team for a week", /25\s% of users have the candidate/],
        ["Good", /Everybody has the candidate/],
      ] as const) {
        await omar.page.getByRole("button", { name: /^Promote/ }).click();
        await omar.page.getByRole("heading", { name: "Promote without waiting" }).waitFor();
        await omar.page.keyboard.type(reason);
        await omar.page.keyboard.press("Enter");
        await omar.page.getByText(outcome).waitFor(PATIENCE);
      }
      expect(omar.offences).toEqual([]);
      await omar.context.close();
      await page.getByText(/Everybody has the candidate/).waitFor(PATIENCE);
      const { history, status } = await rolloutOf(id);
      expect(status).toBe("completed");
      expect(history.map(({ event }) => event)).toEqual(
        expect.arrayContaining(["started", "paused", "resumed", "promoted"]),
      );
      await page.getByText(/Waiting for the billing team/).waitFor();
      await page.getByText(/Tried by the whole team for a week/).waitFor();
    },
    LIMIT,
  );

  it(
    "aborts a rollout in two keys; Escape after the first leaves it alone",
    async () => {
      const { page } = boss;
      const id = await startRollout(versions[0] ?? "");
      await open(boss, `/rollouts/${id}`);
      await page.getByRole("button", { name: /^Start/ }).click();
      await page.getByText(/10\s% of users have the candidate/).waitFor(PATIENCE);
      await page.keyboard.press("x");
      await page.getByRole("heading", { name: "Abort the rollout" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("heading", { name: "Abort the rollout" }).waitFor({ state: "detached" });
      expect((await rolloutOf(id)).status).toBe("running");
      await page.keyboard.press("x");
      await page.getByRole("heading", { name: "Abort the rollout" }).waitFor();
      await page.keyboard.press("Enter");
      await page.getByText("A person stopped it: everybody is back on the baseline.").waitFor(PATIENCE);
      expect((await rolloutOf(id)).status).toBe("aborted");
    },
    LIMIT,
  );

  it(
    "releases one suspicion and upholds another",
    async () => {
      const { page } = boss;
      for (const person of ["hasty", "spammer"]) {
        const flood = Array.from({ length: 15 }, (_item, index) => `${person}-${index}`);
        await machine.post("/executions", {
          executions: flood.map((id) => ({
            agent_id: AGENT,
            execution_id: id,
            user_id: person,
            input_text: `Question ${id}`,
            output_text: "An answer",
            status: "succeeded",
          })),
        });
        await machine.post("/feedback/batch", {
          feedback: flood.map((id) => ({
            agent_id: AGENT,
            execution_id: id,
            user_id: person,
            feedback_type: "correction",
            correction_text: `Better ${id}`,
          })),
        });
      }
      // Twenty calm people, so that two hasty ones are unusual.
      await machine.post("/executions", {
        executions: Array.from({ length: 20 }, (_item, index) => ({
          agent_id: AGENT,
          execution_id: `calm-${index}`,
          user_id: `calm-${index}`,
          input_text: `Calm question ${index}`,
          output_text: "An answer",
          status: "succeeded",
        })),
      });
      await machine.post("/feedback/batch", {
        feedback: Array.from({ length: 20 }, (_item, index) => ({
          agent_id: AGENT,
          execution_id: `calm-${index}`,
          user_id: `calm-${index}`,
          feedback_type: "correction",
          correction_text: `Calmly ${index}`,
        })),
      });
      await open(boss, "/suspicions");
      await page.getByText("Nothing is held back").waitFor();
      await page.getByRole("button", { name: "Look through contributions" }).click();
      await page.getByText("2 suspicions wait").waitFor(PATIENCE);
      await page.getByText("One person sent 15 within an hour").first().waitFor();
      await page.getByRole("button", { name: "They are honest: release" }).first().click();
      await page.keyboard.type("A tester of ours");
      await page.keyboard.press("Enter");
      await page.getByText("1 suspicion waits").waitFor(PATIENCE);
      await page.getByRole("button", { name: "They are not: uphold" }).click();
      await page.keyboard.press("Enter");
      await page.getByText("Nothing is held back").waitFor(PATIENCE);
      await page.getByLabel("Status").selectOption("released");
      await page.getByText("A tester of ours").waitFor();
      expect(
        (await admin.get<Page<object>>(`/trust/suspicions?agent_id=${AGENT}&status=confirmed`)).data,
      ).toHaveLength(1);
    },
    LIMIT,
  );

  it(
    "shows a dataset’s card, and what distinguishes two versions of it",
    async () => {
      const { page } = boss;
      const before = await admin.post<Named>("/datasets", { agent_id: AGENT, name: "deadlines" });
      await admin.post("/examples", {
        agent_id: AGENT,
        example_type: "correction",
        input_text: "A question that came later",
        original_output: "May",
        expected_output: "June",
      });
      const { data } = await admin.get<Page<LearningExample>>(
        `/examples?agent_id=${AGENT}&review_status=pending&limit=50`,
      );
      const late = data.find(({ input_text: text }) => text === "A question that came later");
      for (const name of ["Cleo", "Dora"]) {
        const { api } = await addColleague(admin, server.url, name, "annotator");
        await api.post("/annotations", {
          learning_example_id: late?.id,
          decision: "approve",
          technical_accuracy: 0.9,
          professional_quality: 0.9,
          completeness: 0.9,
          clarity: 0.9,
        });
      }
      const after = await admin.post<Named>("/datasets", { agent_id: AGENT, name: "deadlines" });
      await open(boss, `/datasets/${after.id}`);
      await page.getByRole("heading", { name: "Thresholds" }).waitFor();
      await page.getByRole("heading", { name: "Splits" }).waitFor();
      await page.getByLabel("Dataset").selectOption(before.id);
      await page.waitForURL(/against=/);
      await page.getByText("A question that came later").waitFor();
      await page.getByLabel("added").first().waitFor();
      const { counts } = await admin.get<{ counts: { added: number; removed: number } }>(
        `/datasets/${after.id}/diff?against=${before.id}`,
      );
      expect(counts).toMatchObject({ added: 1, removed: 0 });
    },
    LIMIT,
  );

  it(
    "sets what learning may spend, says what is left of it, and takes a limit back",
    async () => {
      const { page } = boss;
      await open(boss, "/budget");
      await page.getByText("nobody has set a limit").waitFor(PATIENCE);
      await page.getByText("No run has asked a language model").waitFor(PATIENCE);
      await page.keyboard.press("c");
      await page.getByLabel("Days that count").fill("7");
      await page.getByLabel("Calls at most").fill("5000");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("5,000 of 5,000 calls in 7 days are left.").waitFor(PATIENCE);
      await page.getByRole("meter", { name: "Calls spent and held back: 0 % of the limit" }).waitFor();
      // Without prices a limit in money would never be reached.
      await page.getByRole("button", { name: /Change the limits/ }).click();
      await page.getByLabel("Cost at most").fill("3");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("alert").filter({ hasText: "LEARNING_MODEL_INPUT_PRICE" }).waitFor(PATIENCE);
      await page.getByLabel("Cost at most").fill("");
      await page.getByLabel("Calls at most").fill("");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("nobody has set a limit").waitFor(PATIENCE);
      expect(await admin.get("/budget")).toMatchObject({ period_days: 7, max_calls: null, max_cost: null });
    },
    LIMIT,
  );

  it(
    "chooses how answers are scored, in an agent’s policy and for one run",
    async () => {
      const { page } = boss;
      await open(boss, `/agents/${AGENT}`);
      await page.getByRole("button", { name: "Change" }).last().click();
      await page.getByLabel("Answers are scored by").selectOption("json_fields");
      await page.getByLabel("Fields", { exact: true }).fill("total = 2\ncurrency");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("The policy is changed.").waitFor(PATIENCE);
      const policyOf = async (): Promise<object> =>
        (await admin.get<{ policy: { prompt_learning: { evaluator: object } } }>(`/agents/${AGENT}`)).policy
          .prompt_learning.evaluator;
      const fields = { kind: "json_fields", fields: ["total", "currency"], weights: { total: 2 } };
      expect(await policyOf()).toEqual(fields);

      await open(boss, "/runs");
      await page.getByRole("button", { name: /Optimise the prompt/ }).click();
      const kind = page.getByLabel("Answers are scored by");
      // It begins with the policy's.
      expect(await kind.inputValue()).toBe("json_fields");
      await kind.selectOption("json_schema");
      const schema = page.getByLabel("JSON schema");
      await schema.fill('{ "type": ');
      await page.getByRole("button", { name: "Start" }).click();
      expect(await schema.evaluate((field: HTMLTextAreaElement) => field.validationMessage)).toBe(
        "This is no JSON object.",
      );
      // What only the server knows to be wrong stands below the fields.
      await schema.fill('{ "type": "objekt" }');
      await page.getByRole("button", { name: "Start" }).click();
      await page.getByRole("alert").waitFor(PATIENCE);
      await kind.selectOption("regex");
      await page.getByLabel("Pattern").fill("^(?<answer>.+)$");
      await page.getByLabel("Flags").fill("u");
      await page.getByRole("button", { name: "Start" }).click();
      await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
      const [run] = (await admin.get<Page<{ config: object }>>(`/training-runs/${AGENT}`)).data;
      expect(run?.config).toMatchObject({
        evaluator: { kind: "regex", pattern: "^(?<answer>.+)$", flags: "u" },
      });
    },
    LIMIT,
  );

  it("did nothing that no page may do", () => expect(boss.offences).toEqual([]));
});
