import { describe, expect, it } from "vitest";
import type { RemoteEvent, RemoteJob } from "./fine-tuning-api.ts";
import { observeJob } from "./observe-job.ts";

const job = (over: Partial<RemoteJob> = {}): RemoteJob => ({
  id: "job-1",
  status: "running",
  created_at: 1,
  fine_tuned_model: null,
  trained_tokens: null,
  metadata: {},
  error: null,
  ...over,
});
const event = (id: string, over: Partial<RemoteEvent> = {}): RemoteEvent => ({
  id,
  type: "message",
  level: "info",
  message: "",
  data: {},
  ...over,
});

describe("a job at an endpoint", () => {
  it("shows its steps, its losses and what it says", () => {
    const events = [
      event("1", { message: "Job started" }),
      event("2", { type: "metrics", message: "Step 1", data: { step: 1, total_steps: 9, train_loss: 0.7 } }),
      event("3", { type: "metrics", data: { step: 2, total_steps: 9, train_loss: 0.5, valid_loss: 0.6 } }),
    ];
    expect(observeJob(job(), events, null, 5)).toEqual({
      status: "running",
      step: 2,
      totalSteps: 9,
      heartbeat: 5,
      metrics: [
        { step: 1, loss: 0.7 },
        { step: 2, loss: 0.5, eval_loss: 0.6 },
      ],
      log: ["Job started"],
      cursor: { event: "3" },
    });
  });

  it("keeps its place where there is nothing new", () => {
    expect(observeJob(job(), [], { event: "3" }, 5)).toMatchObject({ step: null, cursor: { event: "3" } });
    expect(observeJob(job(), [], "what another version wrote", 5).cursor).toEqual({ event: null });
  });

  it.each([
    ["validating_files", "waiting"],
    ["queued", "waiting"],
    ["paused", "paused"],
    ["succeeded", "finished"],
    ["cancelled", "cancelled"],
    ["a status of next year", "running"],
  ])("that is %s is %s", (status, expected) => {
    expect(observeJob(job({ status }), [], null, 1).status).toBe(expected);
  });

  it.each([[null], ["NaN"], ["Infinity"], [{}]])("has no loss where it says %j", (loss) => {
    const events = [event("1", { type: "metrics", data: { step: 4, train_loss: loss } })];
    expect(observeJob(job(), events, null, 1).metrics).toEqual([{ step: 4, loss: null }]);
  });

  it.each([
    [{ code: "invalid_training_file", message: "row 3", param: "training_file" }, "data"],
    [{ code: "server_error", message: "try later", param: null }, "infrastructure"],
    [{ code: "model_broken", message: "no", param: null }, "internal"],
    [null, "internal"],
  ])("failed with %j by a fault of kind %s", (error, kind) => {
    const { fault } = observeJob(job({ status: "failed", error }), [], null, 1);
    expect(fault?.kind).toBe(kind);
    expect(fault?.message).toContain(error?.message ?? "does not say why");
  });
});
