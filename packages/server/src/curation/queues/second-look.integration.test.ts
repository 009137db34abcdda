import { createQueue as createSchema, type SecondLookResult } from "@agent-learning/contract";
import { expect, it } from "vitest";
import type { Context } from "../../context.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { claimAnnotation } from "../annotations/index.ts";
import { annotate, openDesk, supply } from "../curation.testing.ts";
import { createQueue } from "./manage-queues.ts";
import { takeSecondLook } from "./second-look.ts";

const ONE_SLOT = { training: { annotation_overlap: 1, double_annotation_share: 0 } };

describeEachEngine("a second look", (suite) => {
  it("sends what its neighbours contradict back into review, to somebody else", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    const approve = async (input_text: string, expected_output: string): Promise<string> => {
      const { id } = await supply(desk, { input_text, expected_output });
      await annotate(desk.as("annotator"), id);
      return id;
    };
    for (let index = 0; index < 8; index += 1) {
      await approve(`refund my money for order ${index} charged twice`, "refunds");
      await approve(`parcel ${index} is late where is the courier`, "delivery");
    }
    const wrong = await approve("the courier with my parcel is late", "refunds");
    const body = createSchema.parse({
      agent_id: desk.agentId,
      name: "second look",
      filter: { tags: ["none"] },
      gold_share: 0,
    });
    const queue = await desk.as("reviewer").transact((ctx) => createQueue({ ctx, input: body }));
    const look = (preview: boolean): Promise<SecondLookResult> =>
      desk
        .as("reviewer")
        .transact((ctx) => takeSecondLook({ ctx, input: { queueId: queue.id, limit: 5, preview } }));
    const preview = await look(true);
    expect(preview).toMatchObject({
      compared: 17,
      outputs: 2,
      doubtful: 1,
      examples: [{ learning_example_id: wrong, other_output: "delivery" }],
    });
    expect((await look(false)).examples).toEqual(preview.examples);
    // In review it is not approved, and is not sent twice.
    expect(await look(false)).toMatchObject({ compared: 16, examples: [] });
    const claim = (person: Context): ReturnType<typeof claimAnnotation> =>
      person.transact((ctx) => claimAnnotation({ ctx, input: { lease_seconds: 60, queue_id: queue.id } }));
    expect(await claim(desk.as("annotator"))).toBeNull();
    const other = await desk.hire("annotator");
    expect((await claim(other))?.example.id).toBe(wrong);
    const { example, outstanding } = await annotate(other, wrong, { decision: "reject" });
    expect([example.review_status, outstanding]).toEqual(["in_review", 1]);
    expect((await claim(desk.as("reviewer")))?.task.kind).toBe("adjudication");
    const { example: settled } = await annotate(desk.as("reviewer"), wrong, {
      annotation_type: "adjudication",
      corrected_output: "delivery",
    });
    expect(settled).toMatchObject({ review_status: "approved", expected_output: "delivery" });
  });
});
