import { commonPrefix } from "./common-prefix.ts";
import { KeptSequence } from "./kept-sequence.ts";
import type { LlamaSequence, Token } from "./llama-module.ts";
import { planReuse, WORTH_COPYING } from "./plan-reuse.ts";

export interface Lease {
  kept: KeptSequence;
  /** To be called when the whole prompt is evaluated: others may be waiting for its state. */
  markEvaluated: () => void;
  /** To be called exactly once. */
  release: () => void;
}

interface Waiter {
  resolve: () => void;
  cancelled: boolean;
}

/**
 * The sequences of a context. A lease comes with the state of the longest prefix that any of them holds or is evaluating,
 * so that a prefix shared by many prompts is evaluated once.
 */
export class SequencePool {
  readonly #sequences: readonly KeptSequence[];
  readonly #parallel: number;
  readonly #canCopy: boolean;
  readonly #waiters: Waiter[] = [];
  #leased = 0;
  #clock = 0;

  /** At most `parallel` leases at a time; sequences beyond that only keep state. */
  constructor(sequences: readonly LlamaSequence[], parallel: number) {
    this.#sequences = sequences.map((sequence) => new KeptSequence(sequence));
    this.#parallel = parallel;
    this.#canCopy = sequences.every((sequence) => typeof sequence._copyStateFromOtherSequence === "function");
  }

  /** Waits for its turn, and for a prefix that another one is evaluating. Rejects with the signal's reason. */
  async lease(prompt: readonly Token[], signal: AbortSignal): Promise<Lease> {
    await this.#turn(signal);
    const plan = planReuse(this.#sequences, prompt, this.#canCopy);
    const kept = plan && this.#sequences[plan.use];
    if (plan === undefined || kept === undefined) {
      this.#pass();
      throw new Error("a turn was given while no sequence was idle");
    }
    const donor = plan.copyFrom === undefined ? undefined : this.#sequences[plan.copyFrom];
    const { promise, resolve } = Promise.withResolvers<void>();
    kept.busy = true;
    kept.tokens = prompt;
    kept.evaluated = promise;
    this.#touch(kept);
    const lease: Lease = {
      kept,
      markEvaluated: resolve,
      release: () => {
        kept.settle();
        kept.busy = false;
        resolve();
        this.#pass();
      },
    };
    try {
      if (donor !== undefined) {
        this.#touch(donor);
        await donor.evaluated;
        signal.throwIfAborted();
        await copyState(donor, kept, prompt);
      }
    } catch (error) {
      lease.release();
      throw error;
    }
    return lease;
  }

  #touch(kept: KeptSequence): void {
    this.#clock += 1;
    kept.lastUsed = this.#clock;
  }

  async #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#leased < this.#parallel) {
      this.#leased += 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { resolve, cancelled: false };
    const cancel = (): void => {
      waiter.cancelled = true;
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", cancel, { once: true });
    this.#waiters.push(waiter);
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  }

  // The turn goes straight to the next in line, so that nobody overtakes.
  #pass(): void {
    for (let next = this.#waiters.shift(); next !== undefined; next = this.#waiters.shift()) {
      if (next.cancelled) continue;
      next.resolve();
      return;
    }
    this.#leased -= 1;
  }
}

async function copyState(donor: KeptSequence, target: KeptSequence, prompt: readonly Token[]): Promise<void> {
  await donor.alone(async () => {
    // The donor may have moved on to another prompt meanwhile.
    const shared = commonPrefix(donor.sequence.contextTokens, prompt);
    if (shared - commonPrefix(target.sequence.contextTokens, prompt) < WORTH_COPYING) return;
    const copied = await target.sequence._copyStateFromOtherSequence?.(donor.sequence, shared);
    if (copied !== true) await target.sequence.clearHistory();
  });
}
