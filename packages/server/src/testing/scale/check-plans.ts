import type { Access, Explained } from "./explain-log.ts";
import { LARGE_TABLES } from "./fill-database.ts";
import type { ScaleApi } from "./scale-api.ts";
import type { ScaleCall } from "./scale-calls.ts";

/** Rows that one page of an answer may look at, where the call says nothing else, however many there are. */
const ROWS_OF_A_PAGE = 1_000;
/** Rows that a later page may look at beyond those of the first one. */
const MORE_ROWS = 100;

/** How one question of the API, or one sweep of the workers, reached its rows. */
export interface PlanFinding {
  name: string;
  statements: number;
  milliseconds: number;
  /** Rows of tables that grow that were looked at, whatever came of them. */
  rows: number;
  /** Where most of them were. */
  busiest: string;
  /** Why it looks at more of one table, where it does. */
  whole: string | undefined;
  /** What is wrong with it; empty when nothing is. */
  complaints: string[];
}

export interface PlanOptions {
  /** The planner was told to read no table whole: where it does, no index would have done. Else it is right to for a short one. */
  seqScansAvoided: boolean;
}

/** What a call is called in a report: without the ids. */
export function nameOf({ operationId, variant }: ScaleCall): string {
  return variant === ""
    ? operationId
    : `${operationId} ${variant.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…")}`;
}

const short = (sql: string): string => sql.replace(/^\/\* prepared \w+ \*\/ /, "").slice(0, 300);

function wholeTables(explained: readonly Explained[], rowsAtMost: number): string[] {
  return explained.flatMap(({ sql, accesses }) =>
    accesses
      .filter(({ node, table, rows }) => node === "Seq Scan" && LARGE_TABLES.has(table) && rows > rowsAtMost)
      .map(({ table, rows }) => `reads all of ${table} (${rows} rows): ${short(sql)}`),
  );
}

function except(explained: readonly Explained[], table: string | undefined): Explained[] {
  return explained.map((one) => ({ ...one, accesses: one.accesses.filter((at) => at.table !== table) }));
}

function rowsRead(explained: readonly Explained[]): number {
  return explained
    .flatMap(({ accesses }) => accesses)
    .filter(({ table }) => LARGE_TABLES.has(table))
    .reduce((total, { rows }) => total + rows, 0);
}

const by = (access: Access | undefined): string =>
  access === undefined ? "" : `${access.node} ${access.index ?? access.table}`;

/** Where most of the rows of tables that grow were looked at, by what statement. */
const most = (explained: readonly Explained[]): string =>
  explained
    .flatMap(({ sql, accesses }) => accesses.map((access) => ({ sql, ...access })))
    .filter(({ table }) => LARGE_TABLES.has(table))
    .sort((a, b) => b.rows - a.rows)
    .slice(0, 3)
    .map((access) => `${access.rows} of ${access.table} by ${by(access)} (${short(access.sql)})`)
    .join("; ");

function check(
  name: string,
  { whole, rowsAtMost = ROWS_OF_A_PAGE }: Pick<ScaleCall, "whole" | "rowsAtMost">,
  pages: readonly Explained[][],
  { seqScansAvoided }: PlanOptions,
): PlanFinding {
  const all = pages.flat();
  const accesses = all.flatMap((one) => one.accesses).sort((a, b) => b.rows - a.rows);
  const judged = pages.map((page) => except(page, whole?.table));
  const each = judged.map(rowsRead);
  const complaints = wholeTables(judged.flat(), seqScansAvoided ? 0 : rowsAtMost);
  if (Math.max(...each) > rowsAtMost) {
    complaints.push(`looks at ${Math.max(...each)} rows: ${most(judged.flat())}`);
  }
  const last = each.at(-1) ?? 0;
  if (last > 2 * (each[0] ?? 0) + MORE_ROWS) {
    complaints.push(`looks at ${each[0]} rows for its first page and at ${last} for page ${each.length}`);
  }
  return {
    name,
    statements: all.length,
    milliseconds: all.reduce((total, one) => total + one.milliseconds, 0),
    rows: Math.max(...pages.map(rowsRead)),
    busiest: by(accesses[0]),
    whole: whole?.why,
    complaints: complaints.map((text) => `${name} ${text}`),
  };
}

/** Asks these questions of the API. */
export async function checkCalls(
  api: ScaleApi,
  calls: readonly ScaleCall[],
  options: PlanOptions,
): Promise<PlanFinding[]> {
  const findings: PlanFinding[] = [];
  for (const call of calls) findings.push(check(nameOf(call), call, await api.explain(call), options));
  return findings;
}

/** Rows that a look may read where it asks something of each agent: a number for each, however much there is. */
const ROWS_OF_A_SWEEP: Readonly<Record<string, number>> = {
  // Of each of the twenty agents up to 50 retrievals, and the feedback that each has.
  "learning-daily-retrieval": 20 * 2 * 50 + 1_000,
};

/** Lets the workers look once for everything that they look for. */
export async function checkSweeps(api: ScaleApi, options: PlanOptions): Promise<PlanFinding[]> {
  const sweeps = await api.explainSweeps();
  return [...sweeps].map(([name, explained]) =>
    check(`sweep ${name}`, { rowsAtMost: ROWS_OF_A_SWEEP[name] ?? ROWS_OF_A_PAGE }, [explained], options),
  );
}
