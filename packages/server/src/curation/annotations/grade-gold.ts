import {
  type Decision,
  QUALITY_DIMENSIONS,
  type QualityDimension,
  type SubmitAnnotation,
} from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { readGold } from "./gold-store.ts";

/** Mean distance of the dimensions that are known up to which an answer counts as the known one. */
export const GOLD_TOLERANCE = 0.15;

type Known = { decision: Decision } & { readonly [D in QualityDimension]: number | null };
type Given = { decision: Decision } & { readonly [D in QualityDimension]?: number | undefined };

/** Whether an answer is the known one: the same decision, and, of the dimensions that both have, near it in the mean. */
export function agreesWithGold(known: Known, given: Given): boolean {
  if (known.decision !== given.decision) return false;
  const distances = QUALITY_DIMENSIONS.flatMap((dimension) => {
    const [right, said] = [known[dimension], given[dimension]];
    return right === null || said === undefined ? [] : [Math.abs(right - said)];
  });
  const sum = distances.reduce((total, distance) => total + distance, 0);
  return distances.length === 0 || sum / distances.length <= GOLD_TOLERANCE + 1e-9;
}

/** Grades an answer to a gold example; null when its answer was retired meanwhile. */
export async function gradeGold(
  ctx: TenantContext,
  exampleId: string,
  given: SubmitAnnotation,
): Promise<boolean | null> {
  const known = await readGold(ctx, exampleId);
  if (known === undefined || known.retired_at !== null) return null;
  return agreesWithGold({ ...known, decision: known.decision as Decision }, given);
}
