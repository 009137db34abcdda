/** The kinds of rows that a filled database has, each with ids of its own. */
export const KINDS = {
  organization: 1,
  user: 2,
  agent: 3,
  version: 4,
  execution: 5,
  feedback: 6,
  example: 7,
  task: 8,
  annotation: 9,
  dataset: 10,
  run: 11,
  experiment: 12,
  rollout: 13,
  retrieval: 14,
  held: 15,
  case: 16,
  exposure: 17,
  key: 18,
  report: 19,
  evaluation: 20,
  queue: 21,
  preference: 22,
  demonstration: 23,
} as const;

export type Kind = keyof typeof KINDS;

const START = Date.UTC(2026, 0, 1);
const STEP_MILLISECONDS = 1_000;

/** The id of the n-th row of a kind: a UUIDv7 in the order of n. The same as `scale_id(kind, n)` in SQL. */
export function scaleId(kind: Kind, n: number): string {
  const time = (START + n * STEP_MILLISECONDS).toString(16).padStart(12, "0");
  const tail = n.toString(16).padStart(12, "0");
  const sort = KINDS[kind].toString(16).padStart(3, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sort}-8000-${tail}`;
}

/** SQL that makes `scale_id`, and `scale_time`, which spreads so many rows over 60 days, for the session. */
export const scaleFunctions = (rows: number): string => `
  CREATE OR REPLACE FUNCTION pg_temp.scale_id(kind INT, n BIGINT) RETURNS UUID LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(${START} + n * ${STEP_MILLISECONDS}), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8000' || lpad(to_hex(n), 12, '0'))::uuid $$;
  CREATE OR REPLACE FUNCTION pg_temp.scale_time(n BIGINT) RETURNS TIMESTAMPTZ LANGUAGE sql STABLE AS $$
    SELECT now() - make_interval(secs => 86400.0 * 60 * (1 - n / ${rows}.0)) $$;`;
