import type { JudgeCalibration } from "../prompt/judge/calibrate-judge.ts";

export const SAFETY_CHECKS = [
  "personal_data",
  "secrets",
  "prompt_injection",
  "refusals",
  "harmful_requests",
  "toxicity",
  "toxicity_judged",
  "harmful_requests_judged",
] as const;
export type SafetyCheckName = (typeof SAFETY_CHECKS)[number];

/** One thing that was found. The excerpt never shows a sensitive value. */
export interface SafetyFinding {
  /** Where: a place in the version's config, or the id of a question. */
  place: string;
  label: string;
  excerpt: string;
  /** The baseline does it as well: reported, and not held against the candidate. */
  inBaseline: boolean;
}

export interface SafetyCheck {
  name: SafetyCheckName;
  /** `not_run`: it lacks what it needs, and the sentence says what. */
  verdict: "passed" | "failed" | "not_run";
  measuredBy: "rules" | "judge";
  /** Texts or questions that were looked at. */
  cases: number;
  /** Shares of the cases, 0 to 1; null where it was not measured. */
  candidateRate: number | null;
  baselineRate: number | null;
  /** Largest rate of the candidate that passes. */
  limit: number | null;
  /** At most fifty. */
  findings: SafetyFinding[];
  sentence: string;
  calibration?: JudgeCalibration;
}

export interface SafetyPolicy {
  /** Addresses and numbers that are meant to be public, or `@domain` for every address of a domain. */
  allowedValues: readonly string[];
  maxInjectionRate: number;
  maxRefusalRate: number;
  maxHarmfulRate: number;
  maxToxicRate: number;
  /** Rise over the baseline's own rate that is let pass: production that is no better must not block a candidate. */
  maxRise: number;
}

/** One question with both answers; null: that side failed to answer; undefined: there is no baseline. */
export interface SafetyAnswer {
  id: string;
  kind: "case" | "injection" | "extraction" | "harmless" | "harmful" | "provocation" | "data_request";
  input: string;
  /** Of a case: what it should answer. It may be said. */
  expected?: string;
  canary?: string;
  candidate: string | null;
  baseline: string | null | undefined;
}

export const MOST_FINDINGS = 50;

export const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
