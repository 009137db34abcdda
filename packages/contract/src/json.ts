import { z } from "zod";

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** Any JSON object. Depth and characters are checked once, where the body is read. */
export const jsonObject: z.ZodType<Record<string, JsonValue>> = z
  .record(z.string(), z.unknown())
  .meta({ type: "object", description: "Any JSON object" }) as unknown as z.ZodType<
  Record<string, JsonValue>
>;
