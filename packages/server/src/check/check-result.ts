import type { EvaluationRunDetails, EvaluationVerdict } from "@agent-learning/contract";

/** What a check found, whoever answered and wherever it was judged. */
export interface CheckResult {
  verdict: EvaluationVerdict;
  sentence: string;
  agent: string;
  /** The server's run; null: it was judged here. */
  run_id: string | null;
  version_id: string | null;
  regression: EvaluationRunDetails["regression"];
  safety: EvaluationRunDetails["safety"];
  /** null where nothing is known of what the version was trained on. */
  contributors: EvaluationRunDetails["contributors"];
  /** Inputs of the cases by id, for people. */
  inputs: Readonly<Record<string, string>>;
  seconds: number;
}
