import type { ClaimAnnotation, ClaimedAnnotation } from "@agent-learning/contract";
import { afterEach, describe, expect, it } from "vitest";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../http/index.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { annotate, type Desk, judgement, openDesk, supply } from "../curation.testing.ts";
import { createExample, updateExample } from "../examples/index.ts";
import { claimAnnotation, releaseLease, renewLease, submitAnnotation } from "./index.ts";

function claim(person: Context, input: Partial<ClaimAnnotation> = {}): Promise<ClaimedAnnotation | null> {
  return person.transact((ctx) => claimAnnotation({ ctx, input: { lease_seconds: 900, ...input } }));
}

async function claimed(person: Context, input: Partial<ClaimAnnotation> = {}): Promise<ClaimedAnnotation> {
  const found = await claim(person, input);
  if (found === null) throw new Error("there was nothing to claim");
  return found;
}

function problem(type: string): unknown {
  return expect.objectContaining({ name: ProblemError.name, type });
}

const ONE_SLOT = { training: { annotation_overlap: 1, double_annotation_share: 0 } };
const TWO_SLOTS = { training: { annotation_overlap: 2, double_annotation_share: 0 } };
const THREE_SLOTS = { training: { annotation_overlap: 3, double_annotation_share: 0 } };

async function hireAll(desk: Desk, size: number): Promise<(Context & { userId: string })[]> {
  return Promise.all(Array.from({ length: size }, () => desk.hire("annotator")));
}

describeEachEngine("claiming annotations", (suite) => {
  afterEach(() => setClock(suite.database, "0"));

  it("hands out what tells most first, then what came first", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    const positive = await supply(desk);
    const failure = await supply(desk, { example_type: "failure" });
    const negative = await supply(desk, { example_type: "negative" });
    const correction = await supply(desk, { example_type: "correction", expected_output: "better" });
    const later = await supply(desk, { example_type: "correction", expected_output: "better" });
    const annotator = desk.as("annotator");
    const order: string[] = [];
    for (let next = await claim(annotator); next !== null; next = await claim(annotator))
      order.push(next.example.id);
    expect(order).toEqual([correction, later, negative, failure, positive].map(({ id }) => id));
  });

  it("hands out one type, one agent, or one kind when asked", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    await supply(desk, { example_type: "correction", expected_output: "better" });
    const failure = await supply(desk, { example_type: "failure" });
    expect((await claimed(desk.as("annotator"), { example_type: "failure" })).example.id).toBe(failure.id);
    expect(await claim(desk.as("annotator"), { example_type: "preference" })).toBeNull();
    expect(await claim(desk.as("annotator"), { kind: "adjudication" })).toBeNull();
    expect(await claim(desk.as("annotator"), { agent_id: "my-agent" })).not.toBeNull();
    await expect(claim(desk.as("annotator"), { agent_id: "no-agent" })).rejects.toEqual(problem("not-found"));
  });

  it("gives no task to two of eight people who claim 200 times at once", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    for (let index = 0; index < 150; index += 1) await supply(desk);
    const people = await hireAll(desk, 8);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => claim(people[index % 8] ?? desk.as("annotator"))),
    );
    const tasks = answers.flatMap((answer) => (answer === null ? [] : [answer.task.id]));
    expect(tasks.length).toBe(150);
    expect(new Set(tasks).size).toBe(150);
  });

  it("gives a person one slot of an example, however often they claim at once", async () => {
    const desk = await openDesk(suite.database, { policy: THREE_SLOTS });
    for (let index = 0; index < 4; index += 1) await supply(desk);
    const annotator = desk.as("annotator");
    const answers = await Promise.all(Array.from({ length: 20 }, () => claim(annotator)));
    const examples = answers.flatMap((answer) => (answer === null ? [] : [answer.example.id]));
    expect(examples.length).toBe(4);
    expect(new Set(examples).size).toBe(4);
  });

  it("gives each slot of an example to another person, at the same time", async () => {
    const desk = await openDesk(suite.database, { policy: THREE_SLOTS });
    const example = await supply(desk);
    const people = await hireAll(desk, 4);
    const answers: (ClaimedAnnotation | null)[] = [];
    for (const person of people) answers.push(await claim(person));
    expect(answers.map((answer) => answer?.task.slot)).toEqual([1, 2, 3, undefined]);
    expect(answers.slice(0, 3).every((answer) => answer?.example.id === example.id)).toBe(true);
    // Blind: nothing of the others' comes with the claim.
    expect(answers.slice(0, 3).every((answer) => answer?.annotations.length === 0)).toBe(true);
  });

  it("prefers what others have begun to what nobody has", async () => {
    const desk = await openDesk(suite.database, { policy: TWO_SLOTS });
    const [first, second] = [await supply(desk), await supply(desk)];
    const [one, two] = await hireAll(desk, 2);
    if (one === undefined || two === undefined) throw new Error("nobody was hired");
    await annotate(one, second.id);
    expect((await claimed(two)).example.id).toBe(second.id);
    expect((await claimed(two)).example.id).toBe(first.id);
  });

  it("gives nobody what they contributed themselves", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    const annotator = desk.as("annotator");
    const own = await annotator.transact((ctx) =>
      createExample({
        ctx,
        input: {
          agent_id: desk.agentId,
          example_type: "positive",
          input_text: "mine",
          expected_output: "answer",
        },
      }),
    );
    expect(await claim(annotator)).toBeNull();
    await expect(annotate(annotator, own.id)).rejects.toEqual(problem("forbidden"));
    expect((await claimed(desk.as("reviewer"))).example.id).toBe(own.id);
  });

  it("gives nothing to a machine", async () => {
    const desk = await openDesk(suite.database);
    await expect(claim(desk.as("secret"))).rejects.toEqual(problem("forbidden"));
  });

  it("does not hand out what was taken out of learning, until it is back", async () => {
    const desk = await openDesk(suite.database, { policy: TWO_SLOTS });
    const example = await supply(desk);
    const change = (expectedVersion: number, is_active: boolean): Promise<unknown> =>
      desk
        .as("annotator")
        .transact((ctx) =>
          updateExample({ ctx, input: { exampleId: example.id, expectedVersion, change: { is_active } } }),
        );
    await change(1, false);
    expect(await claim(desk.as("annotator"))).toBeNull();
    await change(2, true);
    const [one, two] = [await claimed(desk.as("annotator")), await claimed(desk.as("reviewer"))];
    expect([one.task.slot, two.task.slot]).toEqual([1, 2]);
  });

  it("skips and cancels tasks whose example left review without them", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    const erased = await supply(desk, { example_type: "correction", expected_output: "better" });
    const example = await supply(desk);
    await desk
      .as("admin")
      .transact((ctx) =>
        ctx.tx
          .updateTable("learning_examples")
          .set({ is_active: false, review_status: "withdrawn" })
          .where("id", "=", erased.id)
          .execute(),
      );
    expect((await claimed(desk.as("annotator"))).example.id).toBe(example.id);
    expect(await claim(desk.as("reviewer"))).toBeNull();
  });

  describe("leases", () => {
    it("come back to the queue when they run out, and make the old token stale", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      const example = await supply(desk);
      const old = await claimed(desk.as("annotator"), { lease_seconds: 60 });
      expect(await claim(desk.as("reviewer"))).toBeNull();
      await setClock(suite.database, "61 seconds");
      const fresh = await claimed(desk.as("reviewer"));
      expect(fresh.task.id).toBe(old.task.id);
      expect(fresh.task.fencing_token).toBeGreaterThan(old.task.fencing_token);
      const late = judgement(example.id, { task_id: old.task.id, fencing_token: old.task.fencing_token });
      const submit = desk.as("annotator").transact((ctx) => submitAnnotation({ ctx, input: late }));
      await expect(submit).rejects.toEqual(problem("conflict"));
      const renew = desk.as("annotator").transact((ctx) =>
        renewLease({
          ctx,
          input: { taskId: old.task.id, fencing_token: old.task.fencing_token, lease_seconds: 60 },
        }),
      );
      await expect(renew).rejects.toEqual(problem("conflict"));
    });

    it("are not taken over with somebody else's token", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      const example = await supply(desk);
      const { task } = await claimed(desk.as("annotator"));
      const forged = judgement(example.id, { task_id: task.id, fencing_token: task.fencing_token });
      const submit = desk.as("reviewer").transact((ctx) => submitAnnotation({ ctx, input: forged }));
      await expect(submit).rejects.toEqual(problem("conflict"));
      await expect(annotate(desk.as("reviewer"), example.id)).rejects.toEqual(problem("conflict"));
    });

    it("still count after they ran out while nobody else has claimed", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      const example = await supply(desk);
      const { task } = await claimed(desk.as("annotator"), { lease_seconds: 60 });
      await setClock(suite.database, "1 hour");
      const done = await desk.as("annotator").transact((ctx) =>
        submitAnnotation({
          ctx,
          input: judgement(example.id, { task_id: task.id, fencing_token: task.fencing_token }),
        }),
      );
      expect(done.example.review_status).toBe("approved");
    });

    it("are prolonged by heartbeats", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      await supply(desk);
      const { task } = await claimed(desk.as("annotator"), { lease_seconds: 60 });
      await setClock(suite.database, "50 seconds");
      const renewed = await desk.as("annotator").transact((ctx) =>
        renewLease({
          ctx,
          input: { taskId: task.id, fencing_token: task.fencing_token, lease_seconds: 60 },
        }),
      );
      expect(renewed.fencing_token).toBe(task.fencing_token);
      await setClock(suite.database, "100 seconds");
      expect(await claim(desk.as("reviewer"))).toBeNull();
      await setClock(suite.database, "111 seconds");
      expect((await claimed(desk.as("reviewer"))).task.id).toBe(task.id);
    });

    it("are given back: to anybody without a reason, to others with one", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      await supply(desk);
      const annotator = desk.as("annotator");
      const release = async (reason?: string): Promise<void> => {
        const { task } = await claimed(annotator);
        const lease = { taskId: task.id, fencing_token: task.fencing_token };
        await annotator.transact((ctx) =>
          releaseLease({ ctx, input: { ...lease, ...(reason === undefined ? {} : { reason }) } }),
        );
      };
      await release();
      await release("needs a tax lawyer");
      expect(await claim(annotator)).toBeNull();
      expect((await claimed(desk.as("reviewer"))).task.defer_reason).toBe("needs a tax lawyer");
    });

    it("say what became of a task that is gone", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      const example = await supply(desk);
      const { task } = await claimed(desk.as("annotator"));
      const renew = (taskId: string): Promise<unknown> =>
        desk
          .as("annotator")
          .transact((ctx) =>
            renewLease({ ctx, input: { taskId, fencing_token: task.fencing_token, lease_seconds: 60 } }),
          );
      await desk.as("admin").transact((ctx) =>
        updateExample({
          ctx,
          input: { exampleId: example.id, expectedVersion: 1, change: { is_active: false } },
        }),
      );
      await expect(renew(task.id)).rejects.toThrow("cancelled");
      await expect(renew(example.id)).rejects.toEqual(problem("not-found"));
      await expect(annotate(desk.as("annotator"), example.id)).rejects.toEqual(problem("conflict"));
    });
  });
});
