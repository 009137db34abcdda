import type { Recogniser, SensitiveFinding } from "./finding.ts";
import { shannonEntropy } from "./shannon-entropy.ts";

interface SecretForm {
  label: string;
  pattern: RegExp;
}

const word = (body: string): RegExp => new RegExp(`(?<![A-Za-z0-9_-])${body}(?![A-Za-z0-9_])`, "g");

/** Forms that issuers give their keys, so that they can be found. */
const FORMS: readonly SecretForm[] = [
  { label: "AWS access key", pattern: word("(?:AKIA|ASIA)[A-Z2-7]{16}") },
  {
    label: "GitHub token",
    pattern: word("(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255})"),
  },
  { label: "GitLab token", pattern: word("glpat-[A-Za-z0-9_-]{20,64}") },
  { label: "Slack token", pattern: word("xox[abeoprs]-[A-Za-z0-9-]{10,250}") },
  { label: "Stripe key", pattern: word("[rs]k_(?:live|test)_[A-Za-z0-9]{20,250}") },
  { label: "Google API key", pattern: word("AIza[A-Za-z0-9_-]{35}") },
  { label: "model provider key", pattern: word("sk-(?:ant-|proj-|svcacct-|or-v1-)?[A-Za-z0-9_-]{20,250}") },
  { label: "Hugging Face token", pattern: word("hf_[A-Za-z0-9]{30,60}") },
  { label: "npm token", pattern: word("npm_[A-Za-z0-9]{36}") },
  { label: "PyPI token", pattern: word("pypi-[A-Za-z0-9_-]{50,250}") },
  { label: "SendGrid key", pattern: word("SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{16,64}") },
  { label: "key of this system", pattern: word("als_(?:sk|uk)_[A-Za-z0-9_-]{24,128}") },
  {
    label: "JSON web token",
    pattern: word("eyJ[A-Za-z0-9_-]{8,2000}\\.eyJ[A-Za-z0-9_-]{8,4000}\\.[A-Za-z0-9_-]{16,1000}"),
  },
  { label: "private key", pattern: /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/g },
  {
    label: "password in an address",
    pattern: /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{1,64}:)[^\s:@/]{3,128}(?=@[\w.-]+)/g,
  },
];

const ASSIGNED =
  /\b(?:[A-Za-z0-9]{0,20}[_-]?)(?:api[_-]?key|secret(?:[_-]?key)?|access[_-]?key|auth[_-]?token|access[_-]?token|refresh[_-]?token|token|passwd|password|passphrase|credential)s?["'`]?\s{0,3}(?:=>|:=|=|:|\bis\b)\s{0,3}(["'`]?)([^\s"'`,;<>(){}[\]]{8,200})\1/gi;
const PLACEHOLDER =
  /example|your[_-]?|changeme|placeholder|redacted|dummy|sample|xxx|\*\*\*|\.\.\.|…|^\$|%s|env\b|0000|1234567/i;

/** A value that nobody would choose as a word: letters and digits mixed, and much information for its length. */
function looksRandom(value: string, quoted: boolean): boolean {
  if (PLACEHOLDER.test(value) || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (/^[\d.,:/-]+[a-z]{1,4}$/i.test(value)) return false;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((one) => one.test(value)).length;
  const entropy = shannonEntropy(value);
  if (!quoted) {
    const hexadecimal = /^[0-9a-f]{32,}$/i.test(value);
    return (
      value.length >= 16 &&
      entropy >= 3.5 &&
      (classes >= 3 || hexadecimal) &&
      !/^[A-Za-z_$][\w$]*\.[A-Za-z_$]/.test(value)
    );
  }
  return value.length >= 16 ? entropy >= 3.2 : entropy >= 2.75 && classes >= 3;
}

/**
 * Keys, tokens and passwords: the prefixes by which issuers mark theirs, private key blocks, passwords in addresses, and what is
 * assigned to a name such as `api_key` when it is too random to be a word (Shannon entropy in bits per character).
 */
export const findSecrets: Recogniser = (text) => {
  const findings: SensitiveFinding[] = [];
  for (const { label, pattern } of FORMS) {
    for (const match of text.matchAll(pattern)) {
      if (PLACEHOLDER.test(match[0]) && label === "password in an address") continue;
      // A prefix followed by words ("sk-this-is-how-a-key-begins") is talk about keys.
      if (label === "model provider key" && !(/\d/.test(match[0]) && /[A-Z]/.test(match[0]))) continue;
      findings.push({ kind: "secret", start: match.index, end: match.index + match[0].length, label });
    }
  }
  for (const match of text.matchAll(ASSIGNED)) {
    const [written, quote = "", value = ""] = match;
    if (!looksRandom(value, quote !== "")) continue;
    const end = match.index + written.length - quote.length;
    findings.push({ kind: "secret", start: end - value.length, end, label: "assigned secret" });
  }
  return findings;
};
