import { z } from "zod";

/** Most items that one request may carry. */
export const MAXIMUM_BATCH = 500;

/**
 * A body that is one item, or `{ [field]: [items] }`. A plain union would answer a bad item with "invalid input" and no
 * path; this one names the item and the field.
 */
export function oneOrBatch<T>(item: z.ZodType<T>, field: string): z.ZodType<{ items: T[]; batch: boolean }> {
  const batch = z.object({ [field]: z.array(item).min(1).max(MAXIMUM_BATCH) });
  return z
    .unknown()
    .transform((value, context) => {
      const isBatch = typeof value === "object" && value !== null && field in value;
      const parsed = isBatch ? batch.safeParse(value) : item.safeParse(value);
      if (!parsed.success) {
        for (const issue of parsed.error.issues) context.addIssue({ ...issue, code: "custom" });
        return z.NEVER;
      }
      const items = isBatch ? ((parsed.data as Record<string, T[]>)[field] ?? []) : [parsed.data as T];
      return { items, batch: isBatch };
    })
    .meta({ anyOf: [inputSchemaOf(item), inputSchemaOf(batch)] });
}

function inputSchemaOf(type: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(type, { io: "input", unrepresentable: "any" });
  return schema;
}
