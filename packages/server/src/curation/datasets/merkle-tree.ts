import { createHash } from "node:crypto";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The root over leaves that come one by one: RFC 6962, section 2.1, SHA-256. Keeps one hash for each level. */
export class MerkleTree {
  // Roots of perfect subtrees, largest first; sizes are the binary digits of the count.
  readonly #subtrees: { size: number; hash: Buffer }[] = [];

  append(leaf: Uint8Array): void {
    let size = 1;
    let hash = createHash("sha256").update(LEAF).update(leaf).digest();
    for (let last = this.#subtrees.at(-1); last?.size === size; last = this.#subtrees.at(-1)) {
      this.#subtrees.pop();
      hash = createHash("sha256").update(NODE).update(last.hash).update(hash).digest();
      size *= 2;
    }
    this.#subtrees.push({ size, hash });
  }

  /** 64 hexadecimal digits. */
  root(): string {
    let hash: Buffer | undefined;
    for (let index = this.#subtrees.length - 1; index >= 0; index -= 1) {
      const left = this.#subtrees[index]?.hash ?? Buffer.alloc(0);
      hash = hash === undefined ? left : createHash("sha256").update(NODE).update(left).update(hash).digest();
    }
    return (hash ?? createHash("sha256").digest()).toString("hex");
  }
}
