import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FeedbackAnswers, NO_ANSWERS, toContent, withRating, withVote } from "../answers.ts";
import { createFeedbackStore, type FeedbackStorage } from "./feedback-store.ts";
import { type Fault, ServerModel } from "./server-model.testing.ts";

function memory(): FeedbackStorage & { text: string | null } {
  const storage = {
    text: null as string | null,
    read: () => storage.text,
    write: (text: string) => void (storage.text = text),
  };
  return storage;
}

const up = (answers: FeedbackAnswers): FeedbackAnswers => withVote(answers, "up");
const down = (answers: FeedbackAnswers): FeedbackAnswers => withVote(answers, "down");

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(10 * 60_000);

describe("createFeedbackStore", () => {
  it("saves a vote at the click, and says so", async () => {
    const server = new ServerModel();
    const submitted = vi.fn<(id: string) => void>();
    const store = createFeedbackStore(server, memory(), submitted);
    const seen: string[] = [];
    store.subscribe(() => seen.push(store.get().status));
    store.say(up);
    expect(store.get()).toMatchObject({ status: "saving", answers: { vote: "up" } });
    await settle();
    expect([...server.live.values()]).toEqual([{ feedback_type: "thumbs_up" }]);
    expect(store.get()).toMatchObject({ status: "saved", feedbackId: "f1" });
    expect(submitted.mock.calls).toEqual([["f1"]]);
    expect(seen).toContain("saving");
  });

  it("amends the same feedback with what is said next, and takes all of it back", async () => {
    const server = new ServerModel();
    const store = createFeedbackStore(server, memory());
    store.say(up);
    await settle();
    store.say((answers) => withRating(answers, 5));
    await settle();
    expect(server.live).toEqual(new Map([["f1", { feedback_type: "thumbs_up", rating: 5 }]]));
    store.say(() => NO_ANSWERS);
    await settle();
    expect(server.live.size).toBe(0);
    expect(store.get()).toMatchObject({ status: "idle", feedbackId: undefined });
  });

  it("keeps what cannot be sent, across a reload, and sends it once", async () => {
    const server = new ServerModel();
    const storage = memory();
    server.faults.push("unanswered");
    const before = createFeedbackStore(server, storage);
    before.say(down);
    await vi.advanceTimersByTimeAsync(0);
    expect(before.get().status).toBe("waiting");
    vi.clearAllTimers();
    const after = createFeedbackStore(server, storage);
    expect(after.get()).toMatchObject({ status: "saving", answers: { vote: "down" } });
    await settle();
    expect(after.get().status).toBe("saved");
    expect(server.stored).toBe(1);
  });

  it("waits longer each time, at least as long as the server asks, and tries at once when told to", async () => {
    let requests = 0;
    const refuse = async (): Promise<never> => {
      requests += 1;
      throw { retry: true, message: "busy", wait: 30_000 };
    };
    const store = createFeedbackStore({ submit: refuse, withdraw: refuse }, memory());
    store.say(up);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(requests).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(requests).toBe(2);
    store.retry();
    await vi.advanceTimersByTimeAsync(0);
    expect(requests).toBe(3);
  });

  it("gives up what is refused until something else is said", async () => {
    const server = new ServerModel();
    const refusal = { retry: false, message: "rating is not allowed here", wait: 0 };
    const submit = vi.spyOn(server, "submit").mockRejectedValueOnce(refusal);
    const storage = memory();
    const store = createFeedbackStore(server, storage);
    store.say(up);
    await settle();
    expect(store.get()).toMatchObject({ status: "refused", message: refusal.message });
    createFeedbackStore(server, storage);
    await settle();
    expect(submit).toHaveBeenCalledOnce();
    store.say(down);
    await settle();
    expect(store.get()).toMatchObject({ status: "saved", message: undefined });
  });

  it("keeps texts that are being written without sending them", async () => {
    const server = new ServerModel();
    const storage = memory();
    createFeedbackStore(server, storage).write({ correction: "The deadl" });
    await settle();
    expect(server.requests).toBe(0);
    expect(createFeedbackStore(server, storage).get().draft).toEqual({
      comment: null,
      correction: "The deadl",
    });
  });

  it.each(["", "{", "null", "[]", '{"answers":7}'])("starts anew from broken storage %j", (text) => {
    const store = createFeedbackStore(new ServerModel(), { read: () => text, write: () => undefined });
    expect(store.get()).toMatchObject({ status: "idle", answers: NO_ANSWERS });
  });

  it("ends at what was said last, stored once, whatever is lost on the way and however often the page is reloaded", async () => {
    const say = fc.constantFrom<(answers: FeedbackAnswers) => FeedbackAnswers>(
      up,
      down,
      (answers) => withVote(answers, null),
      (answers) => withRating(answers, 4),
      (answers) => withRating(answers, null),
      (answers) => ({ ...answers, correction: answers.correction === "31" ? "30" : "31" }),
      (answers) => ({ ...answers, comment: answers.comment === "" ? "hm" : "" }),
      () => NO_ANSWERS,
    );
    const event = fc.oneof(
      { weight: 4, arbitrary: say },
      { weight: 1, arbitrary: fc.constant("reload" as const) },
      { weight: 2, arbitrary: fc.constantFrom(0, 500, 5_000) },
    );
    const faults = fc.array(fc.constantFrom<Fault>("lost", "unanswered", "none"), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 12 }), faults, async (events, lost) => {
        const server = new ServerModel();
        server.faults.push(...lost);
        const storage = memory();
        let store = createFeedbackStore(server, storage);
        for (const each of events) {
          if (typeof each === "function") store.say(each);
          else if (typeof each === "number") await vi.advanceTimersByTimeAsync(each);
          else {
            // What is under way may still arrive; the old page's timers do not.
            await vi.advanceTimersByTimeAsync(0);
            vi.clearAllTimers();
            store = createFeedbackStore(server, storage);
          }
        }
        await settle();
        const wanted = toContent(store.get().answers);
        expect([...server.live.values()]).toEqual(wanted === null ? [] : [wanted]);
        expect(store.get().status).toBe(wanted === null ? "idle" : "saved");
      }),
      { numRuns: 500 },
    );
  });
});
