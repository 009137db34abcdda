import type { SubmittedFeedback } from "@agent-learning/contract";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { type DatabaseConnection, withSystem } from "../../database/index.ts";
import { createTestDatabase, ENGINES, hasPostgres } from "../../testing/test-database.ts";
import { anExecution } from "../testing-evidence.testing.ts";
import {
  type Acknowledgement,
  createPersistentClient,
  isEarly,
  KILL_AGENT,
  KNOWN_EXECUTIONS,
  loadFeedback,
  type PersistentClient,
} from "./persistent-client.testing.ts";
import { createServerUnderKill } from "./server-under-kill.testing.ts";

// LEARNING_KILLS=20 for the long run.
const KILLS = Number(process.env.LEARNING_KILLS ?? 3);
const CLIENTS = 8;

interface Stored {
  id: string;
  text: string;
}

async function readStored(database: DatabaseConnection): Promise<{ feedback: Stored[]; waiting: number }> {
  return withSystem(database.kysely, async (tx) => {
    const feedback = await sql<Stored>`SELECT id, feedback_text AS text FROM agent_feedback`.execute(tx);
    const waiting = await sql<{ n: number }>`
      SELECT count(*) AS n FROM agent_feedback_holding WHERE status = 'held'`.execute(tx);
    return { feedback: feedback.rows, waiting: waiting.rows[0]?.n ?? -1 };
  });
}

/** Counters against rows: a transaction that a kill cut in half would show here. */
async function readCounted(database: DatabaseConnection): Promise<Record<string, [number, number]>> {
  const { rows } = await withSystem(database.kysely, (tx) =>
    sql<{ metric: string; counted: number; there: number }>`
      WITH counted AS (SELECT metric, SUM(count)::bigint AS n FROM agent_daily_statistics GROUP BY metric)
      SELECT metric, n AS counted, CASE metric
        WHEN 'feedback' THEN (SELECT count(*) FROM agent_feedback)
        WHEN 'vote' THEN (SELECT count(*) FROM agent_feedback WHERE satisfaction IS NOT NULL)
        WHEN 'correction' THEN (SELECT count(*) FROM agent_feedback WHERE correction_text IS NOT NULL)
        WHEN 'executions' THEN (SELECT count(*) FROM agent_executions)
        WHEN 'held_attached' THEN (SELECT count(*) FROM agent_feedback_holding WHERE status = 'attached') END AS there
      FROM counted WHERE metric IN ('feedback', 'vote', 'correction', 'executions', 'held_attached')`.execute(
      tx,
    ),
  );
  return Object.fromEntries(rows.map((row) => [row.metric, [row.counted, row.there]]));
}

/** Sends feedback, and executions after the feedback that came early, until it is told to stop. */
async function load(
  client: PersistentClient,
  acknowledged: Acknowledgement[],
  numbers: Iterator<number>,
  until: AbortSignal,
): Promise<void> {
  while (!until.aborted) {
    const number = numbers.next().value as number;
    const body = loadFeedback(number);
    const { id } = await client.post<SubmittedFeedback>("/feedback", body, `feedback-${number}`);
    acknowledged.push({ id, text: String(body.feedback_text) });
    if (isEarly(number)) {
      await client.post(
        "/executions",
        anExecution(`late-${number}`, { agent_id: KILL_AGENT }),
        `execution-${number}`,
      );
    }
  }
}

function* count(): Generator<number, number> {
  for (let number = 1; ; number += 1) yield number;
}

for (const engine of ENGINES) {
  describe.skipIf(engine === "postgresql" && !hasPostgres())(`a server killed under load (${engine})`, () => {
    it(
      `loses and doubles nothing that it acknowledged, over ${KILLS} kills`,
      async () => {
        const testDatabase = await createTestDatabase(engine);
        const server = createServerUnderKill(testDatabase.options);
        const client = createPersistentClient(server);
        const acknowledged: Acknowledgement[] = [];
        const stop = new AbortController();
        try {
          await server.start();
          await client.post("/agents", { slug: KILL_AGENT }, "agent");
          const executions = Array.from({ length: KNOWN_EXECUTIONS }, (_, index) =>
            anExecution(`execution-${index}`, { agent_id: KILL_AGENT }),
          );
          await client.post("/executions", { executions }, "executions");
          const numbers = count();
          const clients = Array.from({ length: CLIENTS }, () =>
            load(client, acknowledged, numbers, stop.signal),
          );
          const loading = Promise.all(clients);
          loading.catch(() => stop.abort());
          for (let kills = 0; kills < KILLS && !stop.signal.aborted; kills += 1) {
            const before = acknowledged.length;
            // At a moment that nothing in the server knows of, but under load.
            while (acknowledged.length < before + 40 && !stop.signal.aborted) {
              await new Promise((resolve) => setTimeout(resolve, 5 + 40 * Math.random()));
            }
            await server.kill();
            await server.start();
          }
          stop.abort();
          await loading;
          await server.stop();

          const database = await testDatabase.connect();
          const { feedback, waiting } = await readStored(database);
          const counted = await readCounted(database);
          await database.close();
          const byId = new Map(feedback.map((row) => [row.id, row.text]));
          const lost = acknowledged.filter(({ id, text }) => byId.get(id) !== text);
          expect(lost).toEqual([]);
          expect(new Set(feedback.map((row) => row.text)).size).toBe(feedback.length);
          expect(feedback).toHaveLength(acknowledged.length);
          expect(waiting).toBe(0);
          for (const [metric, [counter, rows]] of Object.entries(counted)) {
            expect(`${metric} ${counter}`).toBe(`${metric} ${rows}`);
          }
          expect(acknowledged.length).toBeGreaterThan(KILLS * 40);
          expect(client.resent()).toBeGreaterThan(0);
        } finally {
          stop.abort();
          await server.kill();
          await testDatabase.drop();
        }
      },
      60_000 + KILLS * 30_000,
    );
  });
}
