import { contextBefore, type Recogniser } from "./finding.ts";
import { passesLuhn } from "./luhn.ts";

interface Issuer {
  name: string;
  prefix: RegExp;
  /** Lengths that are common; further ones count only where a word says that it is a card. */
  lengths: readonly number[];
  rareLengths?: readonly number[];
}

const ISSUERS: readonly Issuer[] = [
  { name: "Visa", prefix: /^4/, lengths: [16], rareLengths: [13, 19] },
  { name: "Mastercard", prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { name: "American Express", prefix: /^3[47]/, lengths: [15] },
  { name: "Diners Club", prefix: /^(?:30[0-5]|3095|36|38|39)/, lengths: [14], rareLengths: [16] },
  { name: "JCB", prefix: /^35(?:2[89]|[3-8])/, lengths: [16], rareLengths: [17, 18, 19] },
  { name: "Discover", prefix: /^(?:6011|64[4-9]|65)/, lengths: [16], rareLengths: [17, 18, 19] },
  { name: "UnionPay", prefix: /^62/, lengths: [16], rareLengths: [17, 18, 19] },
  {
    name: "Maestro",
    prefix: /^(?:5018|5020|5038|5893|6304|6759|676[1-3])/,
    lengths: [],
    rareLengths: [12, 13, 14, 15, 16, 17, 18, 19],
  },
];

const SEPARATOR = "[ \\u00a0\\u2009\\u202f.-]";
const CANDIDATE = new RegExp(`(?<![\\w-]|\\d[.,])\\d(?:${SEPARATOR}?\\d){11,18}(?![\\w]|[.,-]\\d)`, "g");
const NAMED = /card|visa|master|amex|maestro|diners|discover|\bpan\b|karte|carte|tarjeta|carta\b|kaart/i;
const GROUPINGS = new Set(["4-4-4-4", "4-6-5", "4-6-4", "4-4-4-4-3", "4-4-4-1", "4-4-5"]);

function issuerOf(digits: string, named: boolean): Issuer | undefined {
  return ISSUERS.find(
    ({ prefix, lengths, rareLengths = [] }) =>
      prefix.test(digits) &&
      (lengths.includes(digits.length) || (named && rareLengths.includes(digits.length))),
  );
}

/** Written in one piece, or in the groups of a card with one separator throughout. */
function isGroupedLikeCard(written: string, named: boolean): boolean {
  const separators = new Set(written.match(/\D/g) ?? []);
  if (separators.size === 0) return true;
  const grouping = written
    .split(/\D/)
    .map((group) => group.length)
    .join("-");
  return separators.size === 1 && (GROUPINGS.has(grouping) || named);
}

const NUMBERS_ONLY = /^[\d\s.,|;-]*\d[\d\s.,|;-]*$/;

const BLOCK = 2_000;

/** The lines of digits around a place, with its own among them. */
function numericBlock(text: string, start: number, end: number): string[] {
  const lines = text.slice(Math.max(0, start - BLOCK), end + BLOCK).split("\n");
  const own = text.slice(Math.max(0, start - BLOCK), start).split("\n").length - 1;
  let from = own;
  let to = own;
  while (from > 0 && NUMBERS_ONLY.test(lines[from - 1] ?? "")) from -= 1;
  while (to + 1 < lines.length && NUMBERS_ONLY.test(lines[to + 1] ?? "")) to += 1;
  return NUMBERS_ONLY.test(lines[own] ?? "") ? lines.slice(from, to + 1) : [];
}

function isCard(written: string): boolean {
  const digits = written.replace(/\D/g, "");
  return issuerOf(digits, true) !== undefined && passesLuhn(digits);
}

/** Four columns of four digits pass for a card one time in seventy: the neighbours of the number tell. */
function isTableCell(text: string, start: number, end: number): boolean {
  if (/\b\d{4}[ \u00a0.-]$/.test(text.slice(Math.max(0, start - 6), start))) return true;
  if (/^[ \u00a0.-]\d{4}\b(?!\/)/.test(text.slice(end, end + 6))) return true;
  // A list of cards is not a table: there every line is one.
  return numericBlock(text, start, end).some((line) => !isCard(line));
}

/**
 * Payment card numbers: the prefix and length of an issuer, the grouping of a card, and Luhn's check digit. Lengths that few
 * cards have count only where a word nearby says that it is a card.
 */
export const findPaymentCards: Recogniser = (text) =>
  [...text.matchAll(CANDIDATE)].flatMap((match) => {
    const [written] = match;
    const start = match.index;
    const end = start + written.length;
    const digits = written.replace(/\D/g, "");
    const named = NAMED.test(contextBefore(text, start));
    const issuer = issuerOf(digits, named);
    if (issuer === undefined || !passesLuhn(digits) || !isGroupedLikeCard(written, named)) return [];
    if (!named && /\D/.test(written) && isTableCell(text, start, end)) return [];
    return [{ kind: "payment_card" as const, start, end, label: `${issuer.name} card number` }];
  });
