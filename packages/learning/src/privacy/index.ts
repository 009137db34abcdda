export { findSensitive, maskSensitive } from "./find-sensitive.ts";
export { SENSITIVE_KINDS, type SensitiveFinding, type SensitiveKind } from "./finding.ts";
export {
  redactJson,
  type Redaction,
  type RedactionRules,
  REDACTIONS,
  redactText,
  type ValueHash,
} from "./redact.ts";
