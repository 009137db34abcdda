import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LearningApiError } from "../../client/learning-api-error.ts";
import { createDesk, type Desk, UNDO_MILLISECONDS } from "./desk.ts";
import { type DeskApi, toSubmission } from "./desk-api.ts";
import type { DeskContent, DeskStorage, Outgoing } from "./desk-storage.ts";
import { type Draft, emptyDraft, missingDimensions } from "./draft.ts";
import type { ClaimedAnnotation } from "./types.ts";

const refusal = (status: number): LearningApiError =>
  new LearningApiError("refused", { status, type: status === 0 ? "network" : "conflict" });

function aClaim(n: number): ClaimedAnnotation {
  return {
    task: { id: `t${n}`, kind: "annotation", fencingToken: n },
    example: {
      id: `e${n}`,
      originalOutput: "15 March",
      expectedOutput: "31 March",
      exampleType: "correction",
    },
    annotations: [],
  } as unknown as ClaimedAnnotation;
}

/** A queue that nobody else works on. */
function setUp(tasks: number, stored: Partial<DeskContent> = {}) {
  let claimed = 0;
  const submitted: Outgoing[] = [];
  const released: [string, string | undefined][] = [];
  const api = {
    claim: vi.fn<DeskApi["claim"]>(async () => (claimed < tasks ? aClaim((claimed += 1)) : undefined)),
    renew: vi.fn<DeskApi["renew"]>(async () => undefined),
    release: vi.fn<DeskApi["release"]>(async ({ id }, reason) => void released.push([id, reason])),
    submit: vi.fn<DeskApi["submit"]>(async (judgement) => void submitted.push(judgement)),
  };
  const kept = { content: { held: [], drafts: {}, outgoing: [], ...stored } as DeskContent };
  const storage: DeskStorage = {
    read: () => structuredClone(kept.content),
    write: (content) => void (kept.content = structuredClone(content)),
    release: () => undefined,
  };
  return { api, storage, kept, submitted, released, open: () => createDesk({ api, storage }) };
}

const SCORES: Draft["scores"] = {
  technical_accuracy: 1,
  professional_quality: 0.8,
  completeness: 0.9,
  clarity: 0.7,
};
const settle = (milliseconds = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
const current = (desk: Desk): string | undefined => desk.getState().current?.task.id;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("createDesk", () => {
  it("has the next task before it is asked for", async () => {
    const { open } = setUp(5);
    const desk = open();
    await settle();
    expect(current(desk)).toBe("t1");
    desk.decide("reject");
    expect(current(desk)).toBe("t2");
    expect(desk.getState()).toMatchObject({ done: 1, canUndo: true, waiting: 1 });
  });

  it("sends a judgement once it can no longer be taken back", async () => {
    const { open, submitted } = setUp(2);
    const desk = open();
    await settle();
    const example = aClaim(1).example;
    desk.change({ ...emptyDraft(example), scores: SCORES, corrected: "31 March." });
    desk.decide("approve");
    await settle(UNDO_MILLISECONDS - 1);
    expect(submitted).toEqual([]);
    await settle(2);
    expect(submitted.map(toSubmission)).toEqual([
      expect.objectContaining({
        learningExampleId: "e1",
        decision: "approve",
        technicalAccuracy: 1,
        clarity: 0.7,
        correctedOutput: "31 March.",
        taskId: "t1",
        fencingToken: 1,
      }),
    ]);
    expect(desk.getState()).toMatchObject({ waiting: 0, canUndo: false });
  });

  it("takes the last decision back, with its draft", async () => {
    const { open, submitted } = setUp(2);
    const desk = open();
    await settle();
    desk.change({ ...emptyDraft(aClaim(1).example), notes: "hm" });
    desk.decide("reject");
    desk.undo();
    await settle(UNDO_MILLISECONDS * 2);
    expect(submitted).toEqual([]);
    expect(desk.getState()).toMatchObject({
      done: 0,
      draft: { notes: "hm" },
      current: { task: { id: "t1" } },
    });
  });

  it("keeps drafts, leases and unsent judgements across a crash, and sends each judgement under one key", async () => {
    const { open, kept, api } = setUp(3);
    api.submit.mockRejectedValue(refusal(0));
    const crashed = open();
    await settle();
    crashed.decide("reject");
    crashed.change({ ...emptyDraft(aClaim(2).example), notes: "half" });
    await settle(UNDO_MILLISECONDS + 1);
    expect(crashed.getState()).toMatchObject({ offline: true, waiting: 1 });
    vi.clearAllTimers();
    const key = kept.content.outgoing[0]?.idempotencyKey;
    api.submit.mockReset();
    const desk = open();
    expect(desk.getState().phase).toBe("opening");
    await settle(10_000);
    expect(api.submit.mock.calls.map(([judgement]) => judgement.idempotencyKey)).toEqual([key]);
    expect(desk.getState()).toMatchObject({ waiting: 0, draft: { notes: "half" } });
  });

  it("lets go of tasks whose lease went to somebody else", async () => {
    const { open, api } = setUp(3);
    const desk = open();
    await settle();
    api.renew.mockImplementation(async ({ id }) => {
      if (id === "t1") throw refusal(409);
    });
    await settle(300_001);
    expect(api.renew).toHaveBeenCalledWith(expect.objectContaining({ id: "t1" }));
    expect(current(desk)).toBe("t2");
  });

  it("brings a refused judgement back when it can be mended, and says why it was refused", async () => {
    const { open, api } = setUp(1);
    const desk = open();
    await settle();
    api.submit.mockRejectedValueOnce(refusal(422));
    desk.decide("approve");
    await settle(UNDO_MILLISECONDS + 1);
    expect(desk.getState()).toMatchObject({ done: 0, current: { task: { id: "t1" } } });
    expect(desk.getState().refusal).toMatchObject({ status: 422 });
  });

  it("puts aside, passes on, and gives back what was not begun", async () => {
    const { open, released } = setUp(4);
    const desk = open();
    await settle();
    desk.next();
    expect(current(desk)).toBe("t2");
    desk.defer("not my field");
    await settle();
    expect(released).toEqual([["t2", "not my field"]]);
    desk.change({ ...emptyDraft(aClaim(3).example), notes: "begun" });
    desk.close();
    await settle();
    expect(released.map(([id]) => id).sort()).toEqual(["t1", "t2", "t4"]);
  });

  it("gives back what arrives after it was closed", async () => {
    const { api, open, released, kept } = setUp(5);
    let arrive = (_claim: ClaimedAnnotation): void => undefined;
    api.claim.mockImplementationOnce(() => new Promise((resolve) => (arrive = resolve)));
    const desk = open();
    await settle();
    desk.close();
    arrive(aClaim(9));
    await settle();
    expect(released).toEqual([["t9", undefined]]);
    expect(kept.content.held).toEqual([]);
  });

  it("says when nothing is left, and looks again", async () => {
    const { open, api } = setUp(0);
    const desk = open();
    await settle();
    expect(desk.getState().phase).toBe("empty");
    api.claim.mockResolvedValueOnce(aClaim(9));
    await settle(20_001);
    expect(current(desk)).toBe("t9");
  });
});

describe("drafts", () => {
  it("lack dimensions only for an approval", () => {
    const draft = { ...emptyDraft(aClaim(1).example), scores: { ...SCORES, clarity: undefined } as never };
    expect(missingDimensions(draft, "approve")).toEqual(["clarity"]);
    expect(missingDimensions(draft, "reject")).toEqual([]);
  });

  it("leave out a correction that changes nothing", () => {
    const claimed = aClaim(1);
    const judgement = { claimed, decision: "approve", draft: emptyDraft(claimed.example) } as Outgoing;
    expect(toSubmission(judgement)).toMatchObject({ correctedOutput: undefined, notes: undefined });
  });
});
