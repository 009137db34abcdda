import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findSensitive, maskSensitive } from "./find-sensitive.ts";
import { SENSITIVE_KINDS, type SensitiveKind } from "./finding.ts";
import { FAILING_KINDS, failingTexts, harmlessTexts, plantedTexts } from "./sensitive-corpus.testing.ts";

const CHECKED: readonly SensitiveKind[] = ["payment_card", "iban", "social_security_number", "ip_address"];

function recall(kind: SensitiveKind, count: number): { share: number; missed: string[] } {
  const planted = plantedTexts(kind, count);
  const missed = planted.filter(
    ({ text, value }) =>
      !findSensitive(text).some(
        (found) => found.kind === kind && text.slice(found.start, found.end) === value,
      ),
  );
  return { share: 1 - missed.length / planted.length, missed: missed.slice(0, 5).map(({ text }) => text) };
}

describe("findSensitive", () => {
  it.each(SENSITIVE_KINDS)("finds at least 98 of 100 planted values exactly: %s", (kind) => {
    const { share, missed } = recall(kind, 2_000);
    expect(share, missed.join("\n")).toBeGreaterThanOrEqual(0.98);
  });

  it.each(FAILING_KINDS)(
    "finds nothing where a value fails its check, in prose, tables and code: %s",
    (kind) => {
      const wrong = failingTexts(kind, 2_000).flatMap(({ text }) =>
        findSensitive(text).map((found) => `${found.kind}: ${text.slice(found.start, found.end)} in ${text}`),
      );
      expect(wrong.slice(0, 10)).toEqual([]);
    },
  );

  it("finds nothing in prose, tables, logs and code", () => {
    const wrong = harmlessTexts(3_000).flatMap((text) =>
      findSensitive(text).map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)} in ${text}`),
    );
    expect(wrong.slice(0, 10)).toEqual([]);
  });

  it("finds no number with a checksum, and no address, in the code of this repository", () => {
    const root = fileURLToPath(new URL("../../..", import.meta.url));
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
      (name) => /\/src\/.*\.ts$/.test(name) && !/test|privacy|safety|node_modules/.test(name),
    );
    expect(files.length).toBeGreaterThan(200);
    const wrong = files.flatMap((name) => {
      const text = readFileSync(join(root, name), "utf8");
      return findSensitive(text, [...CHECKED, "secret"]).map(
        ({ kind, start, end }) => `${name}: ${kind} ${text.slice(start, end)}`,
      );
    });
    expect(wrong).toEqual([]);
  });

  it.each<[string, SensitiveKind[]]>([
    ["4111 1111 1111 1111", ["payment_card"]],
    ["4111 1111 1111 1112", []],
    ["card 4111-1111-1111-1111 exp 12/27", ["payment_card"]],
    ["4111 1111-1111 1111", []],
    ["3782 822463 10005", ["payment_card"]],
    ["4222222222222", []],
    ["Visa 4222222222222", ["payment_card"]],
    ["14111111111111111", []],
    ["0.4111111111111111", []],
    ["4000 4111 1111 1111 1111", []],
    ["4111 1111 1111 1111\n5500 0000 0000 0004", ["payment_card", "payment_card"]],
    ["DE89370400440532013000", ["iban"]],
    ["de89 3704 0044 0532 0130 00", ["iban"]],
    ["DE89 3704 0044 0532 0130 00 and more", ["iban"]],
    ["DE88 3704 0044 0532 0130 00", []],
    ["GB82 WEST 1234 5698 7654 32", ["iban"]],
    ["XX82 WEST 1234 5698 7654 32", []],
    ["MT84MALT011000012345MTLCAST001S", ["iban"]],
    ["219-09-9999", []],
    ["123-45-6789", ["social_security_number"]],
    ["123456789", []],
    ["SSN: 123456789", ["social_security_number"]],
    ["666-45-6789 and 923-45-6789 and 123-00-6789 and 123-45-0000", []],
    ["from 203.0.113.9 to 203.0.113.10:443", ["ip_address", "ip_address"]],
    ["256.1.1.1 and 1.2.3 and 1.2.3.4.5", []],
    ["v1.2.3.4, version 10.0.19041.2", []],
    ["10.20.0.0/16 is a network, 10.20.30.40/32 a host", ["ip_address"]],
    ["::1, :: and 12:30:45", []],
    ["see 2001:db8::1:", ["ip_address"]],
    ["::ffff:10.0.0.1", ["ip_address"]],
    ["face::b00c and a::b", []],
    ["write to a.b+c@example.co.uk.", ["email_address"]],
    ["a@b and @angular/core@1.0.0 and user@localhost", []],
    ["+1 (415) 555-2671", ["phone_number"]],
    ["call me at 020 7946 0958", ["phone_number"]],
    ["020 7946 0958 boxes", []],
    ["EC 1.14.16.2 and Cell 1998 93 929 937 9635423", []],
    ["415-911-2671", []],
    ["postgres://app:s3cr3tPw@db.example.com/x", ["secret"]],
    ['password = "correct horse"', []],
    [`api_key: "q8Zr4Tn1vB7xWc2L"`, ["secret"]],
    ["password: hunter2", []],
    ["", []],
  ])("%j: %j", (text, kinds) => {
    expect(findSensitive(text).map(({ kind }) => kind)).toEqual(kinds);
  });

  it("gives places in order that do not overlap, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }),
            fc.constantFrom(...plantedTexts("iban", 50).map(({ text }) => text)),
          ),
        ),
        (parts) => {
          const text = parts.join(" ");
          const found = findSensitive(text);
          for (const [index, { start, end }] of found.entries()) {
            expect(start).toBeGreaterThanOrEqual(found[index - 1]?.end ?? 0);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("takes time in proportion to the text, also where it is made to be slow", () => {
    const hostile = ["1 ", "a.", "a@", "1.1.", "aaaa:", "+1 ", "sk-", "password", "x".repeat(64), "DE89 "];
    for (const part of hostile) {
      const started = performance.now();
      findSensitive(part.repeat(Math.ceil(200_000 / part.length)));
      expect(performance.now() - started, part).toBeLessThan(4_000);
    }
  });
});

describe("maskSensitive", () => {
  it("puts the kind where the value was, and leaves the rest", () => {
    expect(maskSensitive("Card 4111 1111 1111 1111, mail a@example.com.")).toBe(
      "Card [payment_card], mail [email_address].",
    );
  });

  it("leaves nothing behind that would be found again", () => {
    for (const { text } of SENSITIVE_KINDS.flatMap((kind) => plantedTexts(kind, 200, "mask")))
      expect(findSensitive(maskSensitive(text)), text).toEqual([]);
  });
});
