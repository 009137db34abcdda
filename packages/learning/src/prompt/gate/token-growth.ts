import type { Candidate } from "../candidate.ts";
import { estimateTokens } from "../estimate-tokens.ts";

export interface TokenLimits {
  /** Largest growth of the named texts and the playbook, as a factor of the seed's. */
  textFactor: number;
  /** Tokens by which they may grow in any case. */
  textAllowance: number;
  /** Largest estimated prompt of one request. */
  maximumPromptTokens: number;
}

export const DEFAULT_TOKEN_LIMITS: TokenLimits = {
  textFactor: 2,
  textAllowance: 200,
  maximumPromptTokens: 8000,
};

/** Largest size of the texts outside demonstrations that the limits allow beside this seed, in estimated tokens. */
export function largestTextTokens(seed: Candidate, limits: TokenLimits): number {
  const before = textTokens(seed);
  return Math.max(before * limits.textFactor, before + limits.textAllowance);
}

/** Estimated tokens of the named texts and the playbook. */
export function textTokens({ components, playbook = [] }: Candidate): number {
  let total = 0;
  for (const text of Object.values(components)) total += estimateTokens(text);
  for (const rule of playbook) total += estimateTokens(rule.text);
  return total;
}
