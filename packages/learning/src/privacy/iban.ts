import type { Recogniser } from "./finding.ts";

/**
 * The national part by country: a number of digits (n), capital letters (a) or either (c), in order. From the IBAN registry of
 * ISO 13616.
 */
export const IBAN_STRUCTURES: Readonly<Record<string, string>> = {
  AD: "8n12c",
  AE: "19n",
  AL: "8n16c",
  AT: "16n",
  AZ: "4a20c",
  BA: "16n",
  BE: "12n",
  BG: "4a6n8c",
  BH: "4a14c",
  BR: "23n1a1c",
  BY: "4c4n16c",
  CH: "5n12c",
  CR: "18n",
  CY: "8n16c",
  CZ: "20n",
  DE: "18n",
  DK: "14n",
  DO: "4c20n",
  EE: "16n",
  EG: "25n",
  ES: "20n",
  FI: "14n",
  FO: "14n",
  FR: "10n11c2n",
  GB: "4a14n",
  GE: "2a16n",
  GI: "4a15c",
  GL: "14n",
  GR: "7n16c",
  GT: "4c20c",
  HR: "17n",
  HU: "24n",
  IE: "4a14n",
  IL: "19n",
  IQ: "4a15n",
  IS: "22n",
  IT: "1a10n12c",
  JO: "4a4n18c",
  KW: "4a22c",
  KZ: "3n13c",
  LB: "4n20c",
  LC: "4a24c",
  LI: "5n12c",
  LT: "16n",
  LU: "3n13c",
  LV: "4a13c",
  LY: "21n",
  MC: "10n11c2n",
  MD: "2c18c",
  ME: "18n",
  MK: "3n10c2n",
  MR: "23n",
  MT: "4a5n18c",
  MU: "4a19n3a",
  NL: "4a10n",
  NO: "11n",
  PK: "4a16c",
  PL: "24n",
  PS: "4a21c",
  PT: "21n",
  QA: "4a21c",
  RO: "4a16c",
  RS: "18n",
  SA: "2n18c",
  SC: "4a20n3a",
  SD: "14n",
  SE: "20n",
  SI: "15n",
  SK: "20n",
  SM: "1a10n12c",
  ST: "21n",
  SV: "4a20n",
  TL: "19n",
  TN: "20n",
  TR: "6n16c",
  UA: "6n19c",
  VA: "18n",
  VG: "4a16n",
  XK: "16n",
};

const CLASSES: Readonly<Record<string, string>> = { n: "\\d", a: "[A-Z]", c: "[A-Z0-9]" };

const PATTERNS = new Map(
  Object.entries(IBAN_STRUCTURES).map(([country, structure]) => {
    const parts = [...structure.matchAll(/(\d+)([nac])/g)];
    const length = 4 + parts.reduce((sum, [, count]) => sum + Number(count), 0);
    const body = parts.map(([, count, kind]) => `${CLASSES[kind ?? ""] ?? ""}{${count ?? 0}}`).join("");
    return [country, { length, pattern: new RegExp(`^[A-Z]{2}\\d{2}${body}$`) }];
  }),
);

/** ISO 7064 MOD 97-10: the first four characters moved to the end, letters as 10 to 35, remainder 1. */
export function passesMod97(iban: string): boolean {
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

const START = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}/g;
const SEPARATORS = new Set([" ", "\u00a0", "\u2009", "\u202f", "-"]);

/** Reads as many letters and digits as the country has, over single separators. */
function readFrom(text: string, start: number, length: number): { compact: string; end: number } | undefined {
  let compact = "";
  let at = start;
  while (compact.length < length) {
    const character = text[at];
    if (character === undefined) return undefined;
    if (/[A-Za-z0-9]/.test(character)) compact += character.toUpperCase();
    else if (!SEPARATORS.has(character) || SEPARATORS.has(text[at - 1] ?? "")) return undefined;
    at += 1;
  }
  return /[A-Za-z0-9]/.test(text[at] ?? "") ? undefined : { compact, end: at };
}

interface Account {
  start: number;
  end: number;
  compact: string;
}

/** What has the country, length and national structure of an account number, whatever its check digits. */
function accountsIn(text: string): Account[] {
  return [...text.matchAll(START)].flatMap((match) => {
    const known = PATTERNS.get(match[0].slice(0, 2).toUpperCase());
    if (known === undefined) return [];
    const read = readFrom(text, match.index, known.length);
    if (read === undefined || !known.pattern.test(read.compact)) return [];
    return [{ start: match.index, ...read }];
  });
}

/** Where account numbers stand whose check digits are wrong: groups of their digits are no card and no telephone number. */
export function mistypedIbans(text: string): { start: number; end: number }[] {
  return accountsIn(text).filter(({ compact }) => !passesMod97(compact));
}

/** International bank account numbers: country, length, national structure and check digits (ISO 13616, mod 97). */
export const findIbans: Recogniser = (text) =>
  accountsIn(text)
    .filter(({ compact }) => passesMod97(compact))
    .map(({ start, end, compact }) => ({
      kind: "iban" as const,
      start,
      end,
      label: `IBAN of ${compact.slice(0, 2)}`,
    }));
