import type { LlamaSequence, Token } from "./llama-module.ts";

/** One sequence of the context with what its state holds. */
export class KeptSequence {
  readonly sequence: LlamaSequence;
  /** The prompt that its state holds, or will hold once `evaluated` resolves. */
  tokens: readonly Token[] = [];
  /** Never rejects. */
  evaluated: Promise<void> = Promise.resolve();
  busy = false;
  lastUsed = 0;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(sequence: LlamaSequence) {
    this.sequence = sequence;
  }

  /** Runs steps and copies of this sequence one after another: a copy in the middle of a step would be torn. */
  alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Notes what is really there, after an evaluation that may have been cut short. */
  settle(): void {
    this.tokens = this.tokens.slice(0, this.sequence.nextTokenIndex);
  }
}
