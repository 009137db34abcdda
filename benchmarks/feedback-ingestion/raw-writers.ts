import { randomUUID } from "node:crypto";
import { Client } from "pg";
import type { WireFeedback } from "./api-clients.ts";
import type { KnownIds } from "./feedback-source.ts";

/** The same rows straight into the table, by somebody who knows every id and checks nothing. */
export interface RawWriters {
  insertOne(client: number, feedback: WireFeedback): Promise<void>;
  insertMany(client: number, feedback: readonly WireFeedback[]): Promise<void>;
  close(): Promise<void>;
}

const COLUMNS = [
  "organization_id",
  "id",
  "agent_id",
  "execution_id",
  "user_id",
  "feedback_type",
  "rating",
  "feedback_text",
  "issue_categories",
  "dimensions",
  "satisfaction",
] as const;

function insertStatement(rows: number): string {
  const values = Array.from({ length: rows }, (_, row) => {
    const parameters = COLUMNS.map((_column, column) => `$${row * COLUMNS.length + column + 1}`);
    return `(${parameters.join(", ")})`;
  });
  return `INSERT INTO agent_feedback (${COLUMNS.join(", ")}) VALUES ${values.join(", ")}`;
}

/** Opens connections and prepares the inserts on each. */
export async function createRawWriters(url: string, clients: number, known: KnownIds): Promise<RawWriters> {
  const connections = await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = new Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  const statements = new Map<number, string>();
  const toValues = (feedback: WireFeedback): unknown[] => [
    known.organization,
    randomUUID(),
    known.agent,
    known.executions.get(feedback.execution_id),
    known.raters.get(feedback.user_id),
    feedback.feedback_type,
    feedback.rating,
    feedback.feedback_text,
    JSON.stringify(feedback.issue_categories),
    JSON.stringify(feedback.dimensions),
    (feedback.rating - 1) / 4,
  ];
  const insert = async (client: number, rows: readonly WireFeedback[]): Promise<void> => {
    const text = statements.get(rows.length) ?? insertStatement(rows.length);
    statements.set(rows.length, text);
    const values = rows.flatMap(toValues);
    await connections[client]?.query({ name: `insert-${rows.length}`, text, values });
  };
  return {
    insertOne: (client, feedback) => insert(client, [feedback]),
    insertMany: insert,
    close: async () => {
      await Promise.all(connections.map((client) => client.end()));
    },
  };
}
