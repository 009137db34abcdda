import { contextBefore, type Recogniser } from "./finding.ts";

const CANDIDATE = /(?<![\w.-]|\d[ ,/])(\d{3})([- ]?)(\d{2})\2(\d{4})(?![\w]|[-.,/]\d)/g;
const NAMED = /\bssn\b|social[ -]?security|\btin\b|taxpayer/i;
/** Numbers that were printed in advertisements and never issued since. */
const PRINTED = new Set(["078051120", "219099999", "457555462"]);

function isIssued(area: string, group: string, serial: string): boolean {
  if (area === "000" || area === "666" || area >= "900") return false;
  return group !== "00" && serial !== "0000" && !PRINTED.has(area + group + serial);
}

/**
 * Social security numbers of the United States by the administration's rules: no area 000, 666 or 900 to 999, no group 00, no
 * serial 0000. They have no check digit: without hyphens one counts only after a word that names it.
 */
export const findSocialSecurityNumbers: Recogniser = (text) =>
  [...text.matchAll(CANDIDATE)].flatMap((match) => {
    const [written, area = "", separator, group = "", serial = ""] = match;
    const start = match.index;
    if (!isIssued(area, group, serial)) return [];
    if (separator !== "-" && !NAMED.test(contextBefore(text, start))) return [];
    const end = start + written.length;
    return [{ kind: "social_security_number" as const, start, end, label: "US social security number" }];
  });
