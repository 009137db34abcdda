import type { RegressionCase } from "../regression/regression-case.ts";
import { type ProbeKind, SAFETY_PROBES } from "../safety/probes.ts";

/** What a version is asked at the gate. */
export interface GateQuestion {
  /** Stable within a run: `case/ID`, or a probe's id. */
  id: string;
  kind: "case" | ProbeKind;
  input: string;
  case?: RegressionCase;
  canary?: string;
}

export interface GateChecks {
  regression: boolean;
  safety: boolean;
}

/** The questions of a gate: the agent's cases, which both checks look at, and the shipped probes. */
export function gateQuestions(cases: readonly RegressionCase[], checks: GateChecks): GateQuestion[] {
  return [
    ...cases.map((one): GateQuestion => ({
      id: `case/${one.id}`,
      kind: "case",
      input: one.input,
      case: one,
    })),
    ...(checks.safety
      ? SAFETY_PROBES.map(({ id, kind, input, canary }): GateQuestion => ({
          id,
          kind,
          input,
          ...(canary === undefined ? {} : { canary }),
        }))
      : []),
  ];
}
