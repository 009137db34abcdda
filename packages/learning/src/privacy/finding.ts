/** What of a text may identify a person or open a door. */
export const SENSITIVE_KINDS = [
  "payment_card",
  "iban",
  "social_security_number",
  "ip_address",
  "email_address",
  "phone_number",
  "secret",
] as const;
export type SensitiveKind = (typeof SENSITIVE_KINDS)[number];

/** A stretch of a text, in UTF-16 code units as `String.slice` takes them. */
export interface SensitiveFinding {
  kind: SensitiveKind;
  start: number;
  end: number;
  /** What it is in words, such as "AWS access key"; never the value. */
  label: string;
}

/** Finds one kind in a text. Linear in the length of the text. */
export type Recogniser = (text: string) => SensitiveFinding[];

const CONTEXT = 40;

/** The last forty characters before a place: where a word may say what a number is. */
export function contextBefore(text: string, start: number): string {
  return text.slice(Math.max(0, start - CONTEXT), start);
}
