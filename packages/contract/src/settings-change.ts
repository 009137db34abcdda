import { z } from "zod";

/** Settings of which a call names those that it wants otherwise. Lists, numbers and records by free names change whole. */
export type SettingsChange<T> = {
  [K in keyof T]?:
    | (T[K] extends readonly unknown[] | null | string | number | boolean ? T[K] : Sections<T[K]>)
    | undefined;
};
type Sections<T> = string extends keyof T ? T : T extends object ? SettingsChange<T> | T : T;

function inner(field: z.core.$ZodType): z.core.$ZodType {
  return field instanceof z.ZodPrefault || field instanceof z.ZodDefault ? field.unwrap() : field;
}

/**
 * What a call may say of settings: each left out at will, and none besides, so that a misspelt one is refused and not ignored.
 * @param settings an object whose fields have defaults; objects in it are its sections
 */
export function settingsChange(settings: z.ZodObject): z.ZodObject {
  const fields = Object.entries(settings.shape).map(([name, field]) => {
    const own = inner(field);
    return [name, own instanceof z.ZodObject ? settingsChange(own).optional() : z.optional(own)];
  });
  return z.strictObject(Object.fromEntries(fields));
}

/** `before` with what `change` says, section by section. */
export function changeSettings(
  settings: z.ZodObject,
  before: Readonly<Record<string, unknown>>,
  change: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const after: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(change)) {
    const field = settings.shape[name];
    if (value === undefined || field === undefined) continue;
    const own = inner(field);
    after[name] =
      own instanceof z.ZodObject
        ? changeSettings(own, before[name] as Record<string, unknown>, value as Record<string, unknown>)
        : value;
  }
  return after;
}
