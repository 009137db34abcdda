import type { PreferredPair } from "@agent-learning/learning";
import type { Context } from "../../../context.ts";
import { listDatasetItems } from "../../../curation/datasets/index.ts";

/** Pairs of one run at most, the newest: a judge is measured on some, proposals are made from some. */
const MOST_PAIRS = 500;

/** What people preferred to what, in the parts of a dataset that a search may see: preferences, and corrections of an answer. */
export async function readPreferredPairs(ctx: Context, datasetId: string): Promise<PreferredPair[]> {
  const pairs: PreferredPair[] = [];
  for (const split of ["train", "validation"] as const) {
    let after = -1;
    for (;;) {
      const items = await ctx.transact((tenant) => listDatasetItems(tenant, datasetId, split, after));
      if (items.length === 0) break;
      for (const item of items) {
        after = item.position;
        const other =
          item.example_type === "preference"
            ? item.preferred_output === "A"
              ? item.output_b
              : item.output_a
            : item.example_type === "correction"
              ? item.original_output
              : null;
        const preferred = item.expected_output;
        if (other === null || other === "" || preferred === "" || other === preferred) continue;
        pairs.push({ input: item.input_text, preferred, other });
      }
    }
  }
  return pairs.slice(-MOST_PAIRS);
}
