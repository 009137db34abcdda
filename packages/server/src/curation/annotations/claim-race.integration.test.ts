import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DatabaseConnection, withSystem } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { createTestDatabase, hasPostgres, setClock, type TestDatabase } from "../../testing/test-database.ts";
import { openDesk } from "../curation.testing.ts";

// LEARNING_CLAIMS=10000 for the long run. PGlite has one process only.
const TASKS = Number(process.env["LEARNING_CLAIMS"] ?? 240);
const PROCESSES = 4;
const PEOPLE = 4;
const SCRIPT = fileURLToPath(new URL("claiming-process.testing.ts", import.meta.url));

interface Claimed {
  task: string;
  person: string;
  token: number;
}

interface Annotators {
  child: ChildProcess;
  /** What it said, up to now. */
  claims: () => Claimed[];
  /** Resolves when it has said so many claims, or has ended. */
  reached: (count: number) => Promise<void>;
  ended: Promise<unknown>;
}

describe.skipIf(!hasPostgres())("claims of several processes, some of them killed", () => {
  let testDatabase: TestDatabase;
  let database: DatabaseConnection;
  const running: Annotators[] = [];
  beforeAll(async () => {
    testDatabase = await createTestDatabase("postgresql");
    database = await testDatabase.connect();
  });
  afterAll(async () => {
    for (const { child, ended } of running) {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await ended;
    }
    await database.close();
    await testDatabase.drop();
  });

  function start(organizationId: string, queueId: string, people: readonly string[]): Annotators {
    const child = spawn(
      process.execPath,
      [
        "--conditions=agent-learning-source",
        SCRIPT,
        testDatabase.options.databaseUrl ?? "",
        organizationId,
        queueId,
        ...people,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    const ended = once(child, "close");
    const claims = (): Claimed[] =>
      output
        .slice(0, output.lastIndexOf("\n") + 1)
        .split("\n")
        .map((line) => line.split(" "))
        .filter((words) => words.length === 3)
        .map(([task = "", person = "", token = ""]) => ({ task, person, token: Number(token) }));
    const reached = async (count: number): Promise<void> => {
      while (claims().length < count && child.exitCode === null && child.signalCode === null)
        await Promise.race([once(child.stdout, "data"), ended]);
    };
    const annotators = { child, claims, reached, ended };
    running.push(annotators);
    return annotators;
  }

  it(
    `gives none of ${TASKS} tasks out twice, and those of the killed again once their leases have run out`,
    async () => {
      const desk = await openDesk(database);
      const organization = desk.organization.id;
      const queue = newId();
      await withSystem(database.kysely, async (tx) => {
        await tx
          .insertInto("annotation_queues")
          .values({
            organization_id: organization,
            id: queue,
            agent_id: desk.agentId,
            name: "race",
            gold_share: 0,
          })
          .execute();
        await sql`
        INSERT INTO learning_examples (organization_id, id, agent_id, example_type, input_context, input_text, expected_output,
          source_type, group_key)
        SELECT ${organization}::uuid, ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${desk.agentId}::uuid,
          'positive', '{}', 'question', 'answer', 'import', 'g' || n FROM generate_series(1, ${TASKS}::int) AS n`.execute(
          tx,
        );
        await sql`
        INSERT INTO annotation_tasks (organization_id, id, learning_example_id, agent_id, slot, priority, queue_id)
        SELECT x.organization_id, md5(x.id::text)::uuid, x.id, x.agent_id, 1, 10, ${queue}::uuid
        FROM learning_examples x WHERE x.organization_id = ${organization}`.execute(tx);
      });
      const people = await Promise.all(
        Array.from({ length: PROCESSES * PEOPLE }, async () => (await desk.hire("annotator")).userId),
      );
      const groups = Array.from({ length: PROCESSES }, (_, index) =>
        start(organization, queue, people.slice(index * PEOPLE, (index + 1) * PEOPLE)),
      );
      const [first, second] = groups as [Annotators, Annotators];
      // While they are at it, however fast they are: one early, one when it has done more.
      for (const [victim, share] of [
        [first, 0.02],
        [second, 0.08],
      ] as const) {
        await victim.reached(Math.ceil(TASKS * share));
        victim.child.kill("SIGKILL");
      }
      await Promise.all(groups.map(({ ended }) => ended));
      const said = groups.flatMap((group) => group.claims());
      expect(new Set(said.map(({ task }) => task)).size).toBe(said.length);
      expect(said.every(({ token }) => token === 1)).toBe(true);
      const held = async (): Promise<Map<string, { person: string; token: number }>> => {
        const rows = await withSystem(database.kysely, (tx) =>
          tx.selectFrom("annotation_tasks").select(["id", "claimed_by", "fencing_token", "status"]).execute(),
        );
        expect(rows.every(({ status }) => status === "claimed")).toBe(true);
        return new Map(
          rows.map((row) => [row.id, { person: row.claimed_by ?? "", token: row.fencing_token }]),
        );
      };
      const before = await held();
      expect(before.size).toBe(TASKS);
      for (const { task, person, token } of said) expect(before.get(task)).toEqual({ person, token });

      // A process that starts anew gets everything again, each task once, with a token that makes the old leases stale.
      await setClock(database, "2 hours");
      const heirs = await Promise.all(
        Array.from({ length: PEOPLE }, async () => (await desk.hire("annotator")).userId),
      );
      const last = start(organization, queue, heirs);
      await last.ended;
      const again = last.claims();
      expect(again.length).toBe(TASKS);
      expect(new Set(again.map(({ task }) => task)).size).toBe(TASKS);
      expect(again.every(({ token }) => token === 2)).toBe(true);
      await setClock(database, "0");
    },
    120_000 + TASKS * 300,
  );
});
