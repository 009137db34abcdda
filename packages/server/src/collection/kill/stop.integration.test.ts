import type { SubmittedFeedback } from "@agent-learning/contract";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { withSystem } from "../../database/index.ts";
import { createTestDatabase, ENGINES, hasPostgres } from "../../testing/test-database.ts";
import { anExecution } from "../testing-evidence.testing.ts";
import { createPersistentClient, KILL_AGENT } from "./persistent-client.testing.ts";
import { ADMIN_KEY, createServerUnderKill } from "./server-under-kill.testing.ts";

const CLIENTS = 8;
const STOPS = 2;

for (const engine of ENGINES) {
  describe.skipIf(engine === "postgresql" && !hasPostgres())(
    `a server asked to end under load (${engine})`,
    () => {
      it("answers what it has taken, refuses the rest without a 5xx, and ends at once", async () => {
        const testDatabase = await createTestDatabase(engine);
        const server = createServerUnderKill(testDatabase.options);
        const client = createPersistentClient(server);
        const statuses = new Map<number, number>();
        const acknowledged: string[] = [];
        const ending = new AbortController();

        async function load(name: string): Promise<void> {
          for (let n = 0; !ending.signal.aborted; n += 1) {
            const url = server.url();
            try {
              if (url === undefined) throw new Error("down");
              const response = await fetch(`${url}/api/learning/feedback`, {
                method: "POST",
                headers: { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" },
                body: JSON.stringify({
                  agent_id: KILL_AGENT,
                  execution_id: "execution",
                  user_id: `${name}-${n}`,
                  feedback_type: "thumbs_up",
                }),
              });
              statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
              const { id } = (await response.json()) as SubmittedFeedback;
              if (response.status === 201) acknowledged.push(id);
            } catch {
              // Refused or closed: it is going, or gone.
              await new Promise((resolve) => setTimeout(resolve, 10));
            }
          }
        }

        try {
          await server.start();
          await client.post("/agents", { slug: KILL_AGENT }, "agent");
          await client.post("/executions", anExecution("execution", { agent_id: KILL_AGENT }), "execution");
          const clients = Promise.all(Array.from({ length: CLIENTS }, (_, n) => load(`client-${n}`)));
          for (let stops = 0; stops < STOPS; stops += 1) {
            const before = acknowledged.length;
            while (acknowledged.length < before + 100)
              await new Promise((resolve) => setTimeout(resolve, 10));
            // Somebody who waits for news must not hold it up.
            const waiting = fetch(`${server.url()}/api/learning/agents/${KILL_AGENT}/serving?wait=30`, {
              headers: { authorization: `Bearer ${ADMIN_KEY}` },
            }).catch(() => undefined);
            const asked = performance.now();
            await server.stop();
            expect(performance.now() - asked).toBeLessThan(15_000);
            await waiting;
            await server.start();
          }
          ending.abort();
          await clients;
          await server.stop();
          expect([...statuses.keys()]).toEqual([201]);

          const database = await testDatabase.connect();
          const { rows } = await withSystem(database.kysely, (tx) =>
            sql<{ id: string }>`SELECT id FROM agent_feedback`.execute(tx),
          );
          await database.close();
          const stored = new Set(rows.map(({ id }) => id));
          expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
          expect(new Set(acknowledged).size).toBe(acknowledged.length);
        } finally {
          ending.abort();
          await server.kill();
          await testDatabase.drop();
        }
      }, 120_000);
    },
  );
}
