import { commonPrefix } from "./common-prefix.ts";
import type { Token } from "./llama-module.ts";

export interface KeptState {
  /** Tokens whose state is kept, or will be when the evaluation that is under way ends. */
  tokens: readonly Token[];
  busy: boolean;
  /** Larger = more recently. */
  lastUsed: number;
}

export interface ReusePlan {
  /** The idle one that answers. */
  use: number;
  /** The one whose state is copied first. */
  copyFrom?: number;
}

/** Evaluating this many tokens costs more than to wait for somebody else's state and copy it. */
export const WORTH_COPYING = 48;

/**
 * Which idle sequence answers the prompt, and whose state it starts from. State that others may still need is not
 * given up: where the best match would lose much of its own, the least recently used one answers on a copy.
 * Undefined when none is idle.
 */
export function planReuse(
  states: readonly KeptState[],
  prompt: readonly Token[],
  canCopy: boolean,
): ReusePlan | undefined {
  const all = states.map((state, index) => ({ ...state, index, shared: commonPrefix(state.tokens, prompt) }));
  const idle = all.filter((entry) => !entry.busy);
  const oldest = idle.reduce<(typeof all)[number] | undefined>(
    (least, entry) => (least === undefined || entry.lastUsed < least.lastUsed ? entry : least),
    undefined,
  );
  if (oldest === undefined) return undefined;
  const most = Math.max(...all.map((entry) => entry.shared));
  const good = idle
    .filter((entry) => most - entry.shared < WORTH_COPYING)
    .sort((one, other) => lost(one) - lost(other) || one.lastUsed - other.lastUsed);
  const cheapest = good[0];
  if (cheapest !== undefined && lost(cheapest) < WORTH_COPYING) return { use: cheapest.index };
  if (!canCopy) {
    const best = idle.reduce((left, right) => (right.shared > left.shared ? right : left));
    return { use: best.shared >= WORTH_COPYING ? best.index : oldest.index };
  }
  if (most - oldest.shared < WORTH_COPYING) return { use: oldest.index };
  // Nobody waits for another where an idle one has the same.
  const donors = all.filter((entry) => most - entry.shared < WORTH_COPYING);
  const donor = donors.find((entry) => !entry.busy) ?? donors[0];
  return donor === undefined ? { use: oldest.index } : { use: oldest.index, copyFrom: donor.index };
}

function lost(entry: { tokens: readonly Token[]; shared: number }): number {
  return entry.tokens.length - entry.shared;
}
