import { createRegressionCase as createCase } from "@agent-learning/contract";
import { expect, it } from "vitest";
import { BehaviorLearner } from "./behavior-learner.ts";
import { annotate, type Desk, openDesk, supply } from "./curation/curation.testing.ts";
import { createRegressionCase } from "./evaluation/regression/index.ts";
import { ProblemError } from "./http/index.ts";
import { describeEachEngine } from "./testing/test-database.ts";

const LENIENT = {
  training: {
    annotation_overlap: 1,
    double_annotation_share: 0,
    min_human_verified: 0,
    min_doubly_annotated: 0,
    min_annotation_agreement: 0,
  },
};

const TESTED = "may a company that has its seat abroad deduct the input tax that it paid here last year";

async function approved(desk: Desk, input_text: string, expected_output = "answer"): Promise<string> {
  const { id } = await supply(desk, { input_text, expected_output });
  await annotate(desk.as("annotator"), id);
  return id;
}

describeEachEngine("BehaviorLearner", (suite) => {
  it("takes in what experts show and correct, and gives it out once somebody has judged it", async () => {
    const desk = await openDesk(suite.database, { policy: LENIENT });
    const learner = new BehaviorLearner(desk.as("annotator"));
    const shown = await learner.learnFromDemonstration({
      agentId: "my-agent",
      input: "Where is my parcel?",
      output: "It arrives today.",
      steps: [
        { action: "look it up", tool: "lookup_parcel", arguments: { id: 7 }, failed: false, durationMs: 12 },
        { action: "answer" },
      ],
    });
    const corrected = await learner.learnFromCorrection({
      agentId: "my-agent",
      input: "Is it free?",
      originalOutput: "No.",
      correctedOutput: "Yes.",
      critique: "It was free all along.",
    });
    expect([shown.example_type, corrected.example_type]).toEqual(["demonstration", "correction"]);
    expect(shown.input_context).toEqual({
      demonstration: {
        steps: [
          {
            action: "look it up",
            tool: "lookup_parcel",
            arguments: { id: 7 },
            failed: false,
            duration_ms: 12,
          },
          { action: "answer" },
        ],
      },
    });
    expect(corrected.input_context).toEqual({ correction: { critique: "It was free all along." } });
    expect(await learner.extractPatterns("my-agent")).toMatchObject({ experts: { runs: 0 } });
    expect((await learner.getExpertExamples("my-agent")).examples).toEqual([]);
    for (const { id } of [shown, corrected]) await annotate(desk.as("reviewer"), id);
    expect(await learner.extractPatterns("my-agent", { days: 7 })).toMatchObject({
      experts: { runs: 1, tools: [{ tool: "lookup_parcel", calls: 1, duration_ms: { mean: 12 } }] },
      departures: [],
    });
    await expect(learner.extractPatterns("my-agent", { days: 0 })).rejects.toThrow(ProblemError);
    const first = await learner.getExpertExamples("my-agent", { limit: 1 });
    expect(first.examples.map(({ id }) => id)).toEqual([shown.id]);
    const rest = await learner.getExpertExamples("my-agent", { after: first.next ?? "" });
    expect(rest.examples.map(({ id }) => id)).toEqual([corrected.id]);
  });

  it("finds what experts did in cases like this one, and nothing that nobody approved", async () => {
    const desk = await openDesk(suite.database, { policy: LENIENT });
    const learner = new BehaviorLearner(desk.as("secret"));
    const show = (input: string) =>
      learner.learnFromDemonstration({ agentId: "my-agent", input, output: "Done." });
    const parcel = await show("Where is my parcel, it was sent on Monday?");
    const pending = await show("My parcel is lost");
    const invoice = await show("Please send the invoice for us");
    const late = await show("The parcel of a friend came on Monday, mine did not");
    for (const { id } of [parcel, invoice, late]) await annotate(desk.as("reviewer"), id);
    const nearest = await learner.nearestExpertExamples("my-agent", "Monday parcel");
    expect(nearest.map(({ example }) => example.id)).toEqual([parcel.id, late.id]);
    expect(nearest[0]?.score).toBeGreaterThan(nearest[1]?.score ?? 0);
    expect(nearest.some(({ example }) => example.id === pending.id)).toBe(false);
    const one = await learner.nearestExpertExamples("my-agent", "invoice, parcel", { limit: 1 });
    expect(one.map(({ example }) => example.id)).toEqual([invoice.id]);
    expect(await learner.nearestExpertExamples("my-agent", "weather")).toEqual([]);
    await expect(learner.nearestExpertExamples("my-agent", "")).rejects.toThrow(ProblemError);
    await expect(learner.nearestExpertExamples("nobody", "parcel")).rejects.toThrow(ProblemError);
  });

  it("generates the dataset that the API builds: a draft, or frozen where the thresholds are met", async () => {
    const desk = await openDesk(suite.database, { policy: LENIENT });
    for (let index = 0; index < 5; index += 1) await approved(desk, `question number ${index}`);
    const learner = new BehaviorLearner(desk.as("reviewer"));
    const draft = await learner.generateTrainingDataset({ agentId: "my-agent", name: "weekly" });
    expect(draft).toMatchObject({ status: "draft", total_examples: 5, version: "1" });
    const frozen = await learner.generateTrainingDataset({
      agentId: "my-agent",
      name: "weekly",
      freeze: true,
    });
    expect(frozen).toMatchObject({ status: "frozen", total_examples: 5, version: "2" });
    const empty = learner.generateTrainingDataset({
      agentId: "my-agent",
      name: "nothing",
      domains: ["there is none"],
      freeze: true,
    });
    await expect(empty).rejects.toMatchObject({
      type: "unprocessable",
      errors: expect.arrayContaining([expect.objectContaining({ path: "dataset.examples" })]) as unknown,
    });
    await expect(
      learner.generateTrainingDataset({ agentId: "my-agent", name: "bad", minQuality: 2 }),
    ).rejects.toBeInstanceOf(ProblemError);
  });

  it("leaves what the agent is tested with out of what is trained on, and names it; says what looks private", async () => {
    const desk = await openDesk(suite.database, { policy: LENIENT });
    const tested = await approved(desk, `Dear all, ${TESTED}? Thanks.`);
    const clean = await approved(desk, "a question of another kind");
    const leaky = await approved(desk, "my card is 4111 1111 1111 1111 and my address max@firma.de");
    const { case: pinned } = await desk.as("reviewer").transact((ctx) =>
      createRegressionCase({
        ctx,
        input: createCase.parse({ agent_id: "my-agent", input_text: TESTED, expected_output: "yes" }),
      }),
    );
    const learner = new BehaviorLearner(desk.as("reviewer"));
    const { card, id } = await learner.generateTrainingDataset({
      agentId: "my-agent",
      name: "clean",
      split: { train: 1, validation: 0, test: 0 },
    });
    expect(card.contamination).toEqual({
      cases: 1,
      removed: 1,
      examples: [{ learning_example_id: tested, case_id: pinned.id }],
    });
    expect(card.privacy).toEqual({ kinds: { payment_card: 1, email_address: 1 }, examples: 1, ids: [leaky] });
    expect(card.warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining("1 examples were left out of train and validation"),
        expect.stringContaining("payment_card, email_address"),
      ]),
    );
    const held = await desk
      .as("reviewer")
      .transact((ctx) =>
        ctx.tx
          .selectFrom("training_dataset_items")
          .select("learning_example_id")
          .where("dataset_id", "=", id)
          .execute(),
      );
    expect(held.map((row) => row.learning_example_id).sort()).toEqual([clean, leaky].sort());
  });
});
