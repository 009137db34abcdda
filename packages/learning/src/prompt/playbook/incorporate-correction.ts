import type { Candidate, Demonstration, PlaybookRule } from "../candidate.ts";
import { contentHash } from "../../json.ts";
import { inputKey } from "../rows.ts";
import { normaliseText } from "../../text/tokenise.ts";

/** An approved correction of one answer. */
export interface Correction {
  exampleId: string;
  input: string;
  expected: string;
  /** A general rule that a person drew from it; becomes a rule of the playbook. */
  lesson?: string;
}

export type CorrectionChange =
  | { kind: "demonstration_added"; demonstration: Demonstration }
  | { kind: "demonstration_replaced"; demonstration: Demonstration; previous: Demonstration }
  | { kind: "rule_added"; rule: PlaybookRule }
  | { kind: "rule_supported"; rule: PlaybookRule };

export interface IncorporatedCorrection {
  /** A new candidate; the given one when there is nothing to change. */
  candidate: Candidate;
  /** What was done; empty when the candidate knew it already. */
  changes: CorrectionChange[];
}

/**
 * Puts one correction into a candidate: its input and expected output as a demonstration, in place of one for the same input;
 * its lesson, where it has one, as a rule, or as evidence for the rule that says the same. Doing it twice changes nothing. A
 * candidate made so is a candidate like any other: the gate decides on it.
 */
export function incorporateCorrection(candidate: Candidate, correction: Correction): IncorporatedCorrection {
  const changes: CorrectionChange[] = [];
  const demonstrations = withDemonstration(candidate.demonstrations, correction, changes);
  const playbook = withRule(candidate.playbook ?? [], correction, changes);
  if (changes.length === 0) return { candidate, changes };
  return {
    candidate: { ...candidate, demonstrations, ...(playbook.length > 0 ? { playbook } : {}) },
    changes,
  };
}

function withDemonstration(
  demonstrations: Demonstration[],
  { exampleId, input, expected }: Correction,
  changes: CorrectionChange[],
): Demonstration[] {
  const demonstration: Demonstration = { input, output: expected, exampleId };
  const key = inputKey(input);
  const place = demonstrations.findIndex((existing) => inputKey(existing.input) === key);
  const previous = demonstrations[place];
  if (!previous) {
    changes.push({ kind: "demonstration_added", demonstration });
    return [...demonstrations, demonstration];
  }
  if (previous.output === expected) return demonstrations;
  changes.push({ kind: "demonstration_replaced", demonstration, previous });
  return demonstrations.with(place, demonstration);
}

function withRule(
  playbook: PlaybookRule[],
  { exampleId, lesson }: Correction,
  changes: CorrectionChange[],
): PlaybookRule[] {
  const text = lesson?.trim();
  if (!text) return playbook;
  const key = normaliseText(text);
  const place = playbook.findIndex((rule) => normaliseText(rule.text) === key);
  const existing = playbook[place];
  if (!existing) {
    const id = contentHash(key).slice(0, 16);
    const rule: PlaybookRule = { id, text, evidenceIds: [exampleId], helpful: 1, harmful: 0 };
    changes.push({ kind: "rule_added", rule });
    return [...playbook, rule];
  }
  if (existing.evidenceIds.includes(exampleId)) return playbook;
  const rule = {
    ...existing,
    evidenceIds: [...existing.evidenceIds, exampleId],
    helpful: existing.helpful + 1,
  };
  changes.push({ kind: "rule_supported", rule });
  return playbook.with(place, rule);
}
