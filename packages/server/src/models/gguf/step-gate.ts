/**
 * Lets everyone who generates take the next step at the same moment, so that the library evaluates all of them in one
 * batch. Without it a sequence whose sampling ends a little later misses the batch, and batches stay half empty.
 */
export class StepGate {
  #taking = 0;
  #waiting: (() => void)[] = [];
  #scheduled = false;

  enter(): void {
    this.#taking += 1;
  }

  leave(): void {
    this.#taking -= 1;
    this.#schedule();
  }

  /** Resolves when everyone who entered waits here. */
  step(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  // A turn of the event loop later: who just got an answer may come with the next question, and joins this batch.
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#waiting.length === 0 || this.#waiting.length < this.#taking) return;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const resolve of waiting) resolve();
    });
  }
}
