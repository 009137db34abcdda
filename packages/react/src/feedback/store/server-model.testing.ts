import { isVote, type WireContent } from "../answers.ts";
import type { Refusal, Transport } from "./transport.ts";

/** `lost`: the request never arrives; `unanswered`: it is carried out, the answer is lost. */
export type Fault = "lost" | "unanswered" | "none";

export const UNREACHABLE: Refusal = { retry: true, message: "The server cannot be reached.", wait: 0 };

/** The API's rules for one rater and execution: keys are remembered, a vote amends the live vote, anything else is new. */
export class ServerModel implements Transport {
  readonly live = new Map<string, WireContent>();
  readonly faults: Fault[] = [];
  readonly #answers = new Map<string, string>();
  requests = 0;
  stored = 0;

  async #pass<T>(work: () => T): Promise<T> {
    this.requests += 1;
    const fault = this.faults.shift() ?? "none";
    await Promise.resolve();
    if (fault === "lost") throw UNREACHABLE;
    const answer = work();
    if (fault === "unanswered") throw UNREACHABLE;
    return answer;
  }

  submit(content: WireContent, key: string): Promise<string> {
    return this.#pass(() => {
      const known = this.#answers.get(key);
      if (known !== undefined) return known;
      const vote = isVote(content) ? [...this.live].find(([, each]) => isVote(each)) : undefined;
      if (vote === undefined) this.stored += 1;
      const id = vote?.[0] ?? `f${this.stored}`;
      this.live.set(id, content);
      this.#answers.set(key, id);
      return id;
    });
  }

  withdraw(id: string): Promise<void> {
    return this.#pass(() => void this.live.delete(id));
  }
}
