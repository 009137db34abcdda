const FIRST = 8;
/** Beside the doublings: 40 random demonstrations are the figure that searches over 8 lose to. */
const EXTRA = 40;

/** Numbers of demonstrations to try: 8, 16, 32, 40, 64, … below `largest`, and `largest` itself. Empty when there is none. */
export function ladder(largest: number): number[] {
  const sizes = new Set<number>();
  for (let size = FIRST; size < largest; size *= 2) sizes.add(size);
  if (EXTRA < largest) sizes.add(EXTRA);
  if (largest > 0) sizes.add(largest);
  return [...sizes].sort((one, other) => one - other);
}

/** How many demonstrations of average length fit beside the rest of the prompt. */
export function largestThatFits(options: {
  available: number;
  maximumPromptTokens: number;
  /** Of the prompt without demonstrations. */
  baseTokens: number;
  tokensPerDemonstration: number;
}): number {
  const room = options.maximumPromptTokens - options.baseTokens;
  const fitting = Math.floor(room / Math.max(1, options.tokensPerDemonstration));
  return Math.max(0, Math.min(options.available, fitting));
}
