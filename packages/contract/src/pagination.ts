import { z } from "zod";

/** Query of every list: a page size and the cursor that the previous page ended with. */
export const pageQuery: z.ZodObject<{
  limit: z.ZodDefault<z.ZodCoercedNumber>;
  cursor: z.ZodOptional<z.ZodString>;
}> = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1_000).optional(),
});

/** `{ data, next_cursor }`; a null cursor means that this was the last page. */
export function page<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ data: z.ZodArray<T>; next_cursor: z.ZodNullable<z.ZodString> }> {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() });
}

/** Response timestamp: RFC 3339 in UTC. */
export const timestamp: z.ZodISODateTime = z.iso.datetime();
