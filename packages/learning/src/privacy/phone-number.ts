import { contextBefore, type Recogniser, type SensitiveFinding } from "./finding.ts";

// Country calling codes of ITU-T E.164: one digit, or the pairs and triples that are assigned.
const COUNTRY =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|21[1-368]|22\d|23\d|24\d|25[0-8]|26\d|29[0-17-9]|35\d|37\d|38[0-35-79]|42[0-13]|50\d|59\d|67[02-9]|68[0-35-9]|69[0-2]|85[0256]|88[06]|96[0-8]|97[0-79]|99[2-68])/;
const INTERNATIONAL =
  /(?<![\w+.-])(?:\+|(?<!\d[ \u00a0])00(?=[1-9]))\d{1,3}(?:[ \u00a0./()-]{0,2}\d){6,13}(?![\w]|[.,-]\d)/g;
// North American numbering plan: area and exchange begin with 2 to 9, neither is N11.
const NORTH_AMERICA =
  /(?<![\w.+-]|\d )(?:\(([2-9]\d{2})\) ?|([2-9]\d{2})([-.]))([2-9]\d{2})[-. ](\d{4})(?![\w]|[-.]\d)/g;
const NATIONAL = /(?<![\w+.-])\(?0?\d(?:[ \u00a0./()-]{0,2}\d){5,13}(?![\w]|[.,-]\d)/g;
const NAMED =
  /(?:\bphone|\btel\b|\btel\.|telephone|\bmobile|\bcall(?:ed)? (?:me|us|him|her|them)?|\bring (?:me|us)|\bfax\b|whatsapp|\bsms\b|telefon|téléphone|\bhandy\b|hotline|\bdial)(?:\s+(?:number|no\.?|nr\.?|is|at|on|me|us))*\s*[:#]?\s*$/i;

function found(start: number, end: number): SensitiveFinding {
  return { kind: "phone_number", start, end, label: "phone number" };
}

/**
 * Phone numbers: international ones with a country code that exists, North American ones by the numbering plan, and any other
 * national form only after a word that says so.
 */
export const findPhoneNumbers: Recogniser = (text) => {
  const findings: SensitiveFinding[] = [];
  for (const match of text.matchAll(INTERNATIONAL)) {
    const digits = match[0].replace(/\D/g, "").replace(/^00/, "");
    if (digits.length < 8 || digits.length > 15 || !COUNTRY.test(digits)) continue;
    findings.push(found(match.index, match.index + match[0].length));
  }
  for (const match of text.matchAll(NORTH_AMERICA)) {
    const area = match[1] ?? match[2] ?? "";
    if (area.endsWith("11") || match[4]?.endsWith("11") === true) continue;
    findings.push(found(match.index, match.index + match[0].length));
  }
  for (const match of text.matchAll(NATIONAL)) {
    const end = match.index + match[0].length;
    if (!NAMED.test(contextBefore(text, match.index))) continue;
    if (findings.every((other) => other.end <= match.index || other.start >= end))
      findings.push(found(match.index, end));
  }
  return findings;
};
