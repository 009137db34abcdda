import type { DatabaseConnection } from "../../database/index.ts";

/** A node of a plan, as `EXPLAIN (ANALYZE, FORMAT JSON)` writes it. */
interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: PlanNode[];
}

/** How one statement reached the rows of one table. */
export interface Access {
  node: string;
  table: string;
  index: string | undefined;
  /** Rows that were looked at, those that a filter threw away included. */
  rows: number;
}

/** A statement that ran, with what PostgreSQL says that it did. */
export interface Explained {
  sql: string;
  milliseconds: number;
  accesses: Access[];
}

/** Collects the plans of everything that a connection pool runs. */
export interface ExplainLog {
  /** What ran since the last call. */
  take(): Explained[];
}

const SETTINGS = {
  session_preload_libraries: "auto_explain",
  "auto_explain.log_min_duration": "0",
  "auto_explain.log_analyze": "on",
  "auto_explain.log_timing": "off",
  "auto_explain.log_nested_statements": "on",
  "auto_explain.log_format": "json",
  client_min_messages: "log",
};

/**
 * The URL of a database whose sessions report their plans; needs a superuser and PostgreSQL's own auto_explain.
 * @param settings of PostgreSQL, for these sessions
 */
export function explainingUrl(url: string, settings: Readonly<Record<string, string>> = {}): string {
  const options = Object.entries({ ...SETTINGS, ...settings }).map(([name, value]) => `-c ${name}=${value}`);
  const explaining = new URL(url);
  explaining.searchParams.set("options", options.join(" "));
  return explaining.href;
}

function accessesOf(node: PlanNode): Access[] {
  const below = (node.Plans ?? []).flatMap(accessesOf);
  const table = node["Relation Name"];
  const loops = node["Actual Loops"] ?? 0;
  if (table === undefined || loops === 0) return below;
  const each =
    (node["Actual Rows"] ?? 0) +
    (node["Rows Removed by Filter"] ?? 0) +
    (node["Rows Removed by Index Recheck"] ?? 0);
  const own = { node: node["Node Type"], table, index: node["Index Name"], rows: Math.round(each * loops) };
  return [own, ...below];
}

/** Listens to a pool that was opened with an explaining URL, from its first connection on. */
export function listenToPlans(database: DatabaseConnection): ExplainLog {
  if (database.raw.engine !== "postgresql") throw new Error("plans are reported by PostgreSQL only");
  let explained: Explained[] = [];
  database.raw.pool.on("connect", (client) => {
    client.on("notice", ({ message }) => {
      const [, milliseconds, text] = /^duration: ([\d.]+) ms\s+plan:\s*([\s\S]+)$/.exec(message ?? "") ?? [];
      if (text === undefined) return;
      const { "Query Text": sql, Plan: plan } = JSON.parse(text) as { "Query Text": string; Plan: PlanNode };
      explained.push({
        sql: sql.replaceAll(/\s+/g, " ").trim(),
        milliseconds: Number(milliseconds),
        accesses: accessesOf(plan),
      });
    });
  });
  return {
    take: () => {
      const taken = explained;
      explained = [];
      return taken;
    },
  };
}
