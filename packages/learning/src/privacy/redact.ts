import { findSensitive, maskSensitive } from "./find-sensitive.ts";
import type { SensitiveFinding, SensitiveKind } from "./finding.ts";

/** What becomes of a finding: replaced by its kind, by its kind and a keyed hash of it, or taken out. */
export const REDACTIONS = ["mask", "hash", "drop"] as const;
export type Redaction = (typeof REDACTIONS)[number];

/** By kind; kinds that are missing stay as they are. */
export type RedactionRules = Readonly<Partial<Record<SensitiveKind, Redaction>>>;

/** A keyed hash: equal values of one organization stay equal, and nobody without the key can try them out. */
export type ValueHash = (value: string) => string;

/** A value as its hash sees it: the same number with other spaces, or an address in capitals, is the same. */
function canonical({ kind }: SensitiveFinding, value: string): string {
  const compact = value.replaceAll(/[\s().-]/g, "").toLowerCase();
  return kind === "secret"
    ? value
    : kind === "email_address" || kind === "ip_address"
      ? value.toLowerCase()
      : compact;
}

/**
 * The text without what the rules name: `[iban]`, `[iban 3f9a…]`, or nothing where it was. What was redacted once is not recognised
 * again, so that doing it twice changes nothing.
 */
export function redactText(text: string, rules: RedactionRules, hash: ValueHash): string {
  const kinds = Object.keys(rules) as SensitiveKind[];
  if (kinds.length === 0 || text === "") return text;
  const findings = findSensitive(text).filter(({ kind }) => rules[kind] !== undefined);
  if (findings.length === 0) return text;
  if (findings.every(({ kind }) => rules[kind] === "mask")) return maskSensitive(text, findings);
  let redacted = "";
  let at = 0;
  for (const finding of findings) {
    const { start, end, kind } = finding;
    redacted +=
      text.slice(at, start) + replacement(finding, rules[kind] as Redaction, text.slice(start, end), hash);
    at = end;
  }
  return redacted + text.slice(at);
}

function replacement(
  finding: SensitiveFinding,
  redaction: Redaction,
  value: string,
  hash: ValueHash,
): string {
  if (redaction === "drop") return "";
  if (redaction === "mask") return `[${finding.kind}]`;
  return `[${finding.kind} ${asWord(hash(canonical(finding, value)))}]`;
}

/** Hexadecimal digits as letters: digits in a row could be taken for a number again. */
function asWord(hexadecimal: string): string {
  return Array.from(hexadecimal, (digit) => "abcdefghijklmnop"[Number.parseInt(digit, 16)]).join("");
}

/** The same in every string of a JSON value; names of fields stay. */
export function redactJson<T>(value: T, rules: RedactionRules, hash: ValueHash): T {
  if (Object.keys(rules).length === 0) return value;
  return walk(value, (text) => redactText(text, rules, hash)) as T;
}

function walk(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => walk(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, change)]));
}
