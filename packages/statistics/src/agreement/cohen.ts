import { requireConfusionTable, type ConfusionTable } from "./confusion-table.ts";

export type KappaWeights = "none" | "linear" | "quadratic";

/**
 * Share of the items on which two raters agree, inflated where one category prevails; `undefined` without items. A count, so
 * `wilsonInterval(agreed, items)` is its interval.
 */
export function percentAgreement(
  table: ConfusionTable,
): { agreed: number; items: number; share: number } | undefined {
  const items = requireConfusionTable(table);
  if (items === 0) return undefined;
  const agreed = table.reduce((sum, row, i) => sum + (row[i] as number), 0);
  return { agreed, items, share: agreed / items };
}

/**
 * Cohen's kappa: 1 - observed over expected disagreement, disagreement between categories i and j counting 1, |i - j| or (i - j)^2
 * (Cohen 1960, 1968). `undefined` without items, and where both raters use one and the same category only.
 */
export function cohenKappa(table: ConfusionTable, weights: KappaWeights = "none"): number | undefined {
  const items = requireConfusionTable(table);
  const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = table.map((_, j) => table.reduce((sum, row) => sum + (row[j] as number), 0));
  let observed = 0;
  let expected = 0;
  for (let i = 0; i < table.length; i++) {
    for (let j = 0; j < table.length; j++) {
      const weight = disagreement(i, j, weights);
      observed += weight * (table[i]?.[j] as number);
      expected += weight * (rows[i] as number) * ((columns[j] as number) / items);
    }
  }
  return items === 0 || expected === 0 ? undefined : 1 - observed / expected;
}

function disagreement(i: number, j: number, weights: KappaWeights): number {
  if (weights === "none") return i === j ? 0 : 1;
  return weights === "linear" ? Math.abs(i - j) : (i - j) ** 2;
}
