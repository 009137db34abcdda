import type { Random } from "../../../ports.ts";
import { shuffled } from "../../../random.ts";
import type { Demonstration } from "../../candidate.ts";
import { inputKey } from "../../rows.ts";

/** `drawn` = as selected; `grouped` = equal outputs together; `hard_last` = those that the seed answers wrong, nearest to the input. */
export const ORDERS = ["drawn", "grouped", "hard_last"] as const;
export type Order = (typeof ORDERS)[number];

/** The same demonstrations in another order; models weigh the last ones most. `isHard` is told the key of an input. */
export function orderDemonstrations(
  demonstrations: readonly Demonstration[],
  order: Order,
  isHard: (key: string) => boolean,
  random: Random,
): Demonstration[] {
  if (order === "drawn") return [...demonstrations];
  if (order === "grouped") {
    return shuffled(random, [...Map.groupBy(demonstrations, ({ output }) => output).values()]).flat();
  }
  const hard = demonstrations.filter(({ input }) => isHard(inputKey(input)));
  return [...demonstrations.filter((demonstration) => !hard.includes(demonstration)), ...hard];
}
