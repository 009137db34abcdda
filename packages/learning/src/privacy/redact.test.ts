import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { findSensitive } from "./find-sensitive.ts";
import { SENSITIVE_KINDS } from "./finding.ts";
import { redactJson, type RedactionRules, redactText } from "./redact.ts";

const hash = (value: string): string => createHmac("sha256", "key").update(value).digest("hex").slice(0, 12);
const TEXT =
  "Card 4111 1111 1111 1111, mail Max@Firma.de, account DE89 3704 0044 0532 0130 00, host 81.2.69.142.";
const all = (redaction: "mask" | "hash" | "drop"): RedactionRules =>
  Object.fromEntries(SENSITIVE_KINDS.map((kind) => [kind, redaction]));

describe("redactText", () => {
  it("masks, hashes or drops by kind, and leaves the others", () => {
    const rules = { payment_card: "mask", email_address: "drop", iban: "hash" } as const;
    const redacted = redactText(TEXT, rules, hash);
    expect(redacted).toMatch(
      /^Card \[payment_card\], mail , account \[iban [a-p]{12}\], host 81\.2\.69\.142\.$/,
    );
  });

  it("keeps equal values equal, however they are written, and others apart", () => {
    const rules = { payment_card: "hash", email_address: "hash" } as const;
    const one = redactText("4111111111111111 and max@firma.de", rules, hash);
    const other = redactText("4111 1111 1111 1111 and MAX@firma.de", rules, hash);
    expect(one).toBe(other);
    expect(redactText("5500 0000 0000 0004 and max@firma.de", rules, hash)).not.toBe(one);
    expect(one).not.toContain("4111");
  });

  it("changes nothing the second time, and leaves nothing to be found", () => {
    for (const redaction of ["mask", "hash", "drop"] as const) {
      const once = redactText(TEXT, all(redaction), hash);
      expect(redactText(once, all(redaction), hash)).toBe(once);
      expect(findSensitive(once)).toEqual([]);
    }
  });

  it("does nothing without rules", () => {
    expect(redactText(TEXT, {}, hash)).toBe(TEXT);
    expect(redactText("nothing in it", all("mask"), hash)).toBe("nothing in it");
  });
});

describe("redactJson", () => {
  it("goes through every string, and leaves names, numbers and shape", () => {
    const value = { mail: ["max@firma.de", 4, null], inner: { note: "call max@firma.de", on: true } };
    expect(redactJson(value, { email_address: "mask" }, hash)).toEqual({
      mail: ["[email_address]", 4, null],
      inner: { note: "call [email_address]", on: true },
    });
    expect(redactJson(value, {}, hash)).toBe(value);
  });
});
