import { findEmailAddresses } from "./email-address.ts";
import { SENSITIVE_KINDS, type Recogniser, type SensitiveFinding, type SensitiveKind } from "./finding.ts";
import { findIbans, mistypedIbans } from "./iban.ts";
import { findIpAddresses } from "./ip-address.ts";
import { findPaymentCards } from "./payment-card.ts";
import { findPhoneNumbers } from "./phone-number.ts";
import { findSecrets } from "./secret.ts";
import { findSocialSecurityNumbers } from "./social-security-number.ts";

/** Surest first: where two overlap, the earlier one stays. */
const RECOGNISERS: Readonly<Record<SensitiveKind, Recogniser>> = {
  secret: findSecrets,
  iban: findIbans,
  payment_card: findPaymentCards,
  social_security_number: findSocialSecurityNumbers,
  email_address: findEmailAddresses,
  ip_address: findIpAddresses,
  phone_number: findPhoneNumbers,
};

/** Personal data and secrets in a text, in order of place and without overlaps. */
export function findSensitive(
  text: string,
  kinds: readonly SensitiveKind[] = SENSITIVE_KINDS,
): SensitiveFinding[] {
  const kept: SensitiveFinding[] = [];
  const taken = new Uint8Array(text.length);
  const mistyped = mistypedIbans(text);
  for (const [kind, recognise] of Object.entries(RECOGNISERS) as [SensitiveKind, Recogniser][]) {
    if (!kinds.includes(kind)) continue;
    if (kind === "payment_card" || kind === "phone_number")
      for (const { start, end } of mistyped) taken.fill(1, start, end);
    for (const finding of recognise(text)) {
      const place = taken.subarray(finding.start, finding.end);
      if (place.includes(1)) continue;
      place.fill(1);
      kept.push(finding);
    }
  }
  return kept.sort((one, other) => one.start - other.start);
}

/** The text with each finding replaced by what it is, in brackets: `[payment_card]`. */
export function maskSensitive(
  text: string,
  findings: readonly SensitiveFinding[] = findSensitive(text),
): string {
  let masked = "";
  let at = 0;
  for (const { start, end, kind } of findings) {
    masked += `${text.slice(at, start)}[${kind}]`;
    at = end;
  }
  return masked + text.slice(at);
}
