import { requireUnit } from "../invalid-argument.ts";

/**
 * Adjusted p values that keep the expected share of false rejections below the level at which they are cut, in the order given.
 * `independent`: Benjamini and Hochberg (1995), for tests that are independent or positively dependent; `any`: Benjamini and
 * Yekutieli (2001), whatever the dependence, at the price of a factor 1 + 1/2 + ... + 1/m.
 */
export function falseDiscoveryAdjusted(
  pValues: readonly number[],
  dependence: "independent" | "any" = "independent",
): number[] {
  pValues.forEach((p, i) => requireUnit(`pValues[${i}]`, p));
  const m = pValues.length;
  const factor = dependence === "independent" ? 1 : pValues.reduce((sum, _, i) => sum + 1 / (i + 1), 0);
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[b] as number) - (pValues[a] as number));
  const adjusted = pValues.slice();
  let least = 1;
  order.forEach((index, fromLargest) => {
    least = Math.min(least, ((pValues[index] as number) * m * factor) / (m - fromLargest));
    adjusted[index] = least;
  });
  return adjusted;
}
