import { contextBefore, type Recogniser, type SensitiveFinding } from "./finding.ts";

const VERSION_4 = /(?<![\w.]|\d-)\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d|-\d)/g;
const VERSION_6 = /(?<![\w:.])[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?![\w:]|\.\d)/g;
// "version 1.2.3.4", "Version("1.0.2.0")", "requests==2.31.0.1", "section 4.2.1.7", "OID 1.3.6.1".
const NOT_AN_ADDRESS =
  /(?:\b(?:version|ver|release|build|firmware|driver|section|sections|chapter|clause|paragraph|figure|table|oid|EC|revision|rev|part)s?\b|version|[=~<>!]=|[~^@§])[\s"'(:.#-]{0,4}$/i;

function parseVersion4(written: string): number[] | undefined {
  const parts = written.split(".");
  if (parts.some((part) => part.length > 1 && part.startsWith("0"))) return undefined;
  const octets = parts.map(Number);
  return octets.every((octet) => octet <= 255) ? octets : undefined;
}

/** Addresses that say nothing about anybody: unspecified, loopback, netmasks, broadcast, multicast, whole networks. */
function isNobody(octets: readonly number[], after: string): boolean {
  const [first = 0, , , fourth = 0] = octets;
  if (first === 0 || first === 127 || first >= 224) return true;
  if (fourth === 0) return true;
  const prefix = /^\/(\d{1,2})(?!\d)/.exec(after)?.[1];
  return prefix !== undefined && Number(prefix) < 31;
}

function findVersion4(text: string): SensitiveFinding[] {
  return [...text.matchAll(VERSION_4)].flatMap((match) => {
    const [written] = match;
    const start = match.index;
    const end = start + written.length;
    const octets = parseVersion4(written);
    if (octets === undefined || isNobody(octets, text.slice(end, end + 4))) return [];
    if (NOT_AN_ADDRESS.test(contextBefore(text, start))) return [];
    // "1.2.3.4 Scope of the audit" at the start of a line is a heading.
    const heads = start === 0 || text[start - 1] === "\n";
    if (heads && octets.every((octet) => octet <= 30) && /^ \p{Lu}/u.test(text.slice(end, end + 2)))
      return [];
    return [{ kind: "ip_address" as const, start, end, label: "IPv4 address" }];
  });
}

/** Eight groups of 16 bits, or undefined. RFC 4291, section 2.2, with the mixed form. */
function parseVersion6(written: string): number[] | undefined {
  let text = written;
  const tail = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(written);
  if (tail?.[1] !== undefined && tail[2] !== undefined) {
    const octets = parseVersion4(tail[2]);
    if (octets === undefined) return undefined;
    const [a = 0, b = 0, c = 0, d = 0] = octets;
    text = `${tail[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  } else if (written.includes(".")) return undefined;
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const groupsOf = (half: string): string[] => (half === "" ? [] : half.split(":"));
  const left = groupsOf(halves[0] ?? "");
  const right = groupsOf(halves[1] ?? "");
  if ([...left, ...right].some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const missing = 8 - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...left, ...Array.from({ length: missing }, () => "0"), ...right].map((group) =>
    Number.parseInt(group, 16),
  );
}

/** Global unicast (2000::/3), unique local (fc00::/7) or link-local (fe80::/10): the space that hosts have. */
function isHost(groups: readonly number[]): boolean {
  const [first = 0] = groups;
  return first >> 13 === 1 || first >> 9 === 0xfc00 >> 9 || first >> 6 === 0xfe80 >> 6;
}

function findVersion6(text: string): SensitiveFinding[] {
  return [...text.matchAll(VERSION_6)].flatMap((match) => {
    // A colon that ends a clause is not part of the address.
    const written = match[0].endsWith("::") ? match[0] : match[0].replace(/:$/, "");
    const groups = parseVersion6(written);
    if (groups === undefined || !isHost(groups) || written.endsWith("::")) return [];
    const start = match.index;
    const end = start + written.length;
    return [{ kind: "ip_address" as const, start, end, label: "IPv6 address" }];
  });
}

/** Addresses of hosts, IPv4 and IPv6; not version numbers, section numbers, netmasks, whole networks or loopback. */
export const findIpAddresses: Recogniser = (text) => [...findVersion4(text), ...findVersion6(text)];
