/** Name of the job that carries a run of the gate out. */
export const GATE_JOB = "evaluation-gate";
