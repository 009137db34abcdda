import { z } from "zod";
import { uuid } from "./identifiers.ts";

/** One rule that a candidate adds, keeps with other evidence, or drops. */
export interface ApprovalRule {
  change: "added" | "updated" | "removed";
  id: string;
  text: string;
  /** Why it is dropped; null: it is not. */
  reason: string | null;
  /** The agent's own runs that did as it says, by what people made of them. */
  helpful: number | null;
  harmful: number | null;
  /** Runs with the pattern, and runs, of both sides. */
  expert: { runs: number; of: number } | null;
  agent: { runs: number; of: number } | null;
  adjusted_p_value: number | null;
  /** What shows it: the first 20, and how many there are. */
  evidence: { kind: "example" | "execution"; id: string }[];
  evidence_total: number;
}

/** One demonstration that a candidate adds or drops. */
export interface ApprovalDemonstration {
  change: "added" | "removed";
  example_id: string;
  /** As the example says it now; null: it is gone. */
  input_text: string | null;
  expected_output: string | null;
  contributor: string | null;
}

/** What a reviewer decides on: one task for a run and the candidate that it made. */
export interface RunApproval {
  run_id: string;
  candidate_version_id: string | null;
  status: "not_ready" | "nothing_to_decide" | "waiting" | "approved" | "rejected";
  rules: ApprovalRule[];
  /** The first 100, and how many there are. */
  demonstrations: ApprovalDemonstration[];
  demonstrations_total: number;
  /** Whose evidence is in it, by how many examples; the most first. */
  contributors: { user_id: string; display_name: string | null; examples: number }[];
  started_by: { user_id: string; display_name: string | null } | null;
  /** Whether the caller may decide, and why not. */
  may_decide: boolean;
  why_not: string | null;
}

const side = z.object({ runs: z.number().int(), of: z.number().int() }).nullable();
const person = z.object({ user_id: uuid, display_name: z.string().nullable() });

export const runApproval: z.ZodType<RunApproval> = z.object({
  run_id: uuid,
  candidate_version_id: uuid.nullable(),
  status: z.enum(["not_ready", "nothing_to_decide", "waiting", "approved", "rejected"]),
  rules: z.array(
    z.object({
      change: z.enum(["added", "updated", "removed"]),
      id: z.string(),
      text: z.string(),
      reason: z.string().nullable(),
      helpful: z.number().nullable(),
      harmful: z.number().nullable(),
      expert: side,
      agent: side,
      adjusted_p_value: z.number().nullable(),
      evidence: z.array(z.object({ kind: z.enum(["example", "execution"]), id: z.string() })),
      evidence_total: z.number().int(),
    }),
  ),
  demonstrations: z.array(
    z.object({
      change: z.enum(["added", "removed"]),
      example_id: z.string(),
      input_text: z.string().nullable(),
      expected_output: z.string().nullable(),
      contributor: z.string().nullable(),
    }),
  ),
  demonstrations_total: z.number().int(),
  contributors: z.array(
    z.object({ user_id: uuid, display_name: z.string().nullable(), examples: z.number().int() }),
  ),
  started_by: person.nullable(),
  may_decide: z.boolean(),
  why_not: z.string().nullable(),
});
