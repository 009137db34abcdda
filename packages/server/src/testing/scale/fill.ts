import { type Kind, KINDS } from "./scale-ids.ts";

/** What a filled database holds. */
export interface Volume {
  /** Executions, feedback, examples and annotation tasks, each. */
  rows: number;
}

/** Agents of the large organization; the first one has most of everything. */
export const AGENTS = 20;
/** Rows of each kind that one person has. */
export const ROWS_PER_USER = 20;
export const SMALL = 1_000;

/** The id of the n-th row of a kind, in SQL. */
export const id = (kind: Kind, n: string): string => `pg_temp.scale_id(${KINDS[kind]}, ${n})`;
export const ORGANIZATION = id("organization", "1");
export const time = (n: string): string => `pg_temp.scale_time(${n})`;
/** Two thirds to the first agent, the rest to the others in turn. */
export const agentOf = (n: string): string =>
  id("agent", `CASE WHEN ${n} % 3 < 2 THEN 0 ELSE ${n} % ${AGENTS} END`);
export const userOf = (n: string): string => id("user", `(${n}) / ${ROWS_PER_USER}`);
export const memberOf = (n: string): string => id("user", `${n} % 50`);
export const versionOf = (n: string): string => id("version", `${n} % 3`);

/** How the rows of one table are made. */
export interface Fill {
  table: string;
  /** Rows for a volume. */
  count: (volume: Volume) => number;
  /** Column → SQL over `n`, 0 and up. */
  columns: Readonly<Record<string, string>>;
}

/** As many as the volume says. */
export const all = ({ rows }: Volume): number => rows;
export const share =
  (of: number) =>
  ({ rows }: Volume): number =>
    Math.ceil(rows / of);
export const fixed = (count: number) => (): number => count;

export const JSON_OBJECT = `'{}'::jsonb`;
