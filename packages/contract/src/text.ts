import { z } from "zod";

/** Longest text that a single field takes, in UTF-16 code units. */
export const MAXIMUM_TEXT: number = 200_000;

/** Free text of at least one character. */
export const text: z.ZodString = z.string().min(1).max(MAXIMUM_TEXT);

/** Free text that may be empty. */
export const optionalText: z.ZodString = z.string().max(MAXIMUM_TEXT);

/** A short human-readable name. */
export const name: z.ZodString = z.string().trim().min(1).max(255);
