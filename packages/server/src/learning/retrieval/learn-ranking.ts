import { setImmediate as yieldToOthers } from "node:timers/promises";
import { createRandom, evidenceOfRelevance, trainRankingInSteps } from "@agent-learning/learning";
import { gateOrders, type Learned, type Lesson } from "./lesson.ts";
import { ordersOf } from "./moves.ts";

const WRITE_MILLISECONDS = 500;
/** Share of the progress bar that learning takes; the gates take the rest. */
const LEARNING_SHARE = 80;

async function train({ handle, known, settings, signal }: Lesson) {
  let share = 0;
  const steps = trainRankingInSteps(known, {
    random: createRandom(settings.seed),
    signal,
    onProgress: (done, of) => (share = done / of),
  });
  let written = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    // Requests of this process are answered in between.
    await yieldToOthers();
    signal.throwIfAborted();
    if (performance.now() - written < WRITE_MILLISECONDS) continue;
    written = performance.now();
    const progressPercentage = Math.round(share * LEARNING_SHARE);
    await handle.change({ progressPercentage }, { type: "progress", data: { share } });
  }
}

/** Memory, chunk relevance and ranker anew; what a search itself has learned stays. */
export async function learnRanking(lesson: Lesson): Promise<Learned> {
  const { before, heldOut, later, settings } = lesson;
  const { artifact, trials } = await train(lesson);
  if (artifact.ranker === null) {
    const reason =
      "No way to rank is expected to be better than the store's own order without harming new topics.";
    return { reasons: [reason], trials };
  }
  const { expansion, fusion, adapter } = before ?? {};
  const whole = {
    ...artifact,
    ...(expansion === undefined ? {} : { expansion }),
    ...(fusion === undefined ? {} : { fusion }),
    ...(adapter === undefined ? {} : { adapter }),
  };
  const orders = ordersOf(whole, before, later);
  return { artifact: whole, trials, gate: gateOrders(orders, heldOut, settings.seed), orders };
}

/** The artifact in service with the chunks' relevance as evidence has it now. */
export function learnChunkRelevance({ before, known, heldOut, later, settings }: Lesson): Learned {
  if (before === null || before.ranker === null) {
    const reason =
      "The version in service has no ranker that would use the chunks' relevance: learn a ranking first.";
    return { reasons: [reason] };
  }
  const artifact = { ...before, relevance: Object.fromEntries(evidenceOfRelevance(known)) };
  const orders = ordersOf(artifact, before, later);
  return { artifact, trials: [], gate: gateOrders(orders, heldOut, settings.seed), orders };
}
