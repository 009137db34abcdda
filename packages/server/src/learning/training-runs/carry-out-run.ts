import type { Context, TenantContext } from "../../context.ts";
import type { TrainingRunRow } from "./present-training-run.ts";
import { appendEvent, changeRun, readRun, type RunChange, touchRun } from "./store.ts";

/** Another worker has taken the run, or a person has ended it: whoever holds this handle stops, and changes nothing more. */
export class RunLost extends Error {
  override name = "RunLost";
}

/** A person asked to stop. */
export class RunCancelled extends Error {
  override name = "RunCancelled";
}

/**
 * One worker's hold on a run. Every change is a compare-and-set on the revision that this worker wrote last, so that a worker that
 * was thought dead cannot write over its successor.
 */
export interface RunHandle {
  readonly row: TrainingRunRow;
  /** @throws RunLost or RunCancelled; the transaction is undone with everything in it */
  change(
    change: RunChange,
    event: { type: string; data: unknown },
    also?: (ctx: TenantContext) => Promise<void>,
  ): Promise<void>;
  /** Lets others know that the work goes on, also while one step takes long. Stops by itself when the process ends. */
  beat(): { stop(): void };
}

const BEAT_MILLISECONDS = 20_000;

/** Takes a run that waits or whose worker died. Undefined: there is nothing to do any more. */
export async function takeRun(ctx: Context, runId: string): Promise<RunHandle | undefined> {
  const taken = await ctx.transact(async (tenant) => {
    const row = await readRun(tenant, runId);
    if (row === undefined || (row.status !== "pending" && row.status !== "running")) return undefined;
    const resumed = row.status === "running";
    const after = await changeRun(tenant, runId, row.revision, { status: "running", start: true });
    if (after !== undefined) await appendEvent(tenant, runId, resumed ? "resumed" : "started", {});
    return after;
  });
  return taken === undefined ? undefined : createHandle(ctx, taken);
}

function createHandle(ctx: Context, taken: TrainingRunRow): RunHandle {
  let row = taken;
  return {
    get row() {
      return row;
    },
    beat: () => {
      const timer = setInterval(() => {
        // A missed beat is made up by the next one; when the run is lost, change() will say so.
        ctx.transact((tenant) => touchRun(tenant, row.id, row.revision)).catch(() => undefined);
      }, BEAT_MILLISECONDS);
      timer.unref();
      return { stop: () => clearInterval(timer) };
    },
    change: async (change, event, also) => {
      row = await ctx.transact(async (tenant) => {
        const after = await changeRun(tenant, row.id, row.revision, change);
        if (after === undefined) throw await explainLoss(tenant, row.id);
        await appendEvent(tenant, row.id, event.type, event.data);
        await also?.(tenant);
        return after;
      });
    },
  };
}

async function explainLoss(ctx: TenantContext, runId: string): Promise<Error> {
  const now = await readRun(ctx, runId);
  return now?.status === "running" && now.cancel_requested_at !== null
    ? new RunCancelled("the run was asked to stop")
    : new RunLost("the run is in other hands");
}

/** Ends a run that was asked to stop. */
export async function settleCancelled(ctx: Context, runId: string): Promise<void> {
  await ctx.transact(async (tenant) => {
    const row = await readRun(tenant, runId);
    if (row === undefined || row.status !== "running") return;
    const after = await changeRun(tenant, runId, row.revision, { status: "cancelled", end: true });
    if (after !== undefined) await appendEvent(tenant, runId, "cancelled", {});
  });
}

/**
 * Carries a run out with `work`, whatever way of learning it is: one that ended stays as it is, one that was cancelled ends so, one that
 * fails says why, and one whose worker is stopped stays for whoever takes it up.
 */
export async function carryOutRun(
  { ctx, runId, signal }: { ctx: Context; runId: string; signal: AbortSignal },
  work: (handle: RunHandle) => Promise<void>,
): Promise<void> {
  const handle = await takeRun(ctx, runId);
  if (handle === undefined) return;
  const heart = handle.beat();
  try {
    await work(handle);
  } catch (error) {
    if (error instanceof RunLost) return;
    if (error instanceof RunCancelled) return settleCancelled(ctx, runId);
    if (signal.aborted) throw error;
    await fail(handle, error);
  } finally {
    heart.stop();
  }
}

async function fail(handle: RunHandle, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  await handle
    .change(
      {
        status: "failed",
        end: true,
        error: { message, advice: "Mend the cause and start a new run. The agent is as it was." },
      },
      { type: "failed", data: { message } },
    )
    .catch((lost: unknown) => {
      if (!(lost instanceof RunLost) && !(lost instanceof RunCancelled)) throw lost;
    });
}
