import type { DatasetDetail } from "../../api/types.ts";
import type { Bin } from "../../components/histogram.tsx";
import { humanise } from "../../format/words.ts";
import { EXAMPLE_TYPES } from "../examples/example-types.ts";

/** A dataset's examples by type, each leading to its rows; types that it does not have are left out. */
export function typeBins({ id, card }: Pick<DatasetDetail, "id" | "card">): Bin[] {
  return EXAMPLE_TYPES.filter((type) => card.counts[type] > 0).map((type) => ({
    name: humanise(type),
    value: card.counts[type],
    to: { to: "/examples", search: { dataset: id, type } },
  }));
}
