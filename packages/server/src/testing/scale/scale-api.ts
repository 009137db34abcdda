import { hashKey } from "../../administration/api-keys/key-format.ts";
import { candidateObservers } from "../../candidate-observers.ts";
import { composeServer } from "../../compose.ts";
import { connectDatabase, type DatabaseConnection, withSystem } from "../../database/index.ts";
import { pinnedCases } from "../../evaluation/regression/index.ts";
import { evidenceObservers } from "../../evidence-observers.ts";
import { experimentObservers } from "../../experiment-observers.ts";
import { schedules } from "../../job-definitions.ts";
import { createTestServices } from "../test-services.ts";
import { type Explained, type ExplainLog, explainingUrl, listenToPlans } from "./explain-log.ts";
import { LARGE_TABLES } from "./fill-database.ts";
import type { ScaleCall } from "./scale-calls.ts";
import { scaleId } from "./scale-ids.ts";

/** The API over a filled database, in this process, with the plan of each statement. */
export interface ScaleApi {
  /** The statements of one call. @throws when it does not succeed */
  explain(call: ScaleCall): Promise<Explained[]>;
  /** The statements of one look of everything that workers look for. */
  explainSweeps(): Promise<Map<string, Explained[]>>;
  /** Milliseconds of one call, plans not reported. */
  time(call: ScaleCall): Promise<number>;
  close(): Promise<void>;
}

const KEY = "als_uk_the-administrator-of-a-large-one";
const ORGANIZATION = scaleId("organization", 1);

async function admit(database: DatabaseConnection): Promise<void> {
  await withSystem(database.kysely, (tx) =>
    tx
      .insertInto("api_keys")
      .values({
        organization_id: ORGANIZATION,
        id: scaleId("key", 1),
        kind: "user",
        user_id: scaleId("user", 0),
        name: "scale",
        display_prefix: "als_uk_",
        key_hash: hashKey(KEY),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
}

interface Side {
  server: ReturnType<typeof composeServer>;
  services: ReturnType<typeof createTestServices>;
  database: DatabaseConnection;
  log: ExplainLog | undefined;
}

async function open(url: string, explaining: boolean): Promise<Side> {
  const database = await connectDatabase({
    databaseUrl: explaining ? explainingUrl(url) : url,
    dataDirectory: "",
    poolSize: 2,
  });
  const log = explaining ? listenToPlans(database) : undefined;
  const services = createTestServices(database, {
    evidenceObservers,
    candidateObservers,
    experimentObservers,
    pinnedCases,
  });
  return { server: composeServer(services), services, database, log };
}

async function send({ server }: Side, { method, path, body }: ScaleCall): Promise<void> {
  const response = await server.inject({
    method,
    url: `/api/learning${path}`,
    headers: {
      authorization: `Bearer ${KEY}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  const missing = response.statusCode === 404 && path.includes("there-is-none");
  if (response.statusCode >= 300 && !missing) {
    throw new Error(`${method} ${path} answered ${response.statusCode}: ${response.body.slice(0, 500)}`);
  }
}

/** Opens the API over the database behind `url`, which `fillDatabase` filled. */
export async function openScaleApi(url: string): Promise<ScaleApi> {
  const plain = await open(url, false);
  await admit(plain.database);
  const explaining = await open(url, true);
  // The key is known from here on: what it costs to look it up is counted once, not with every call.
  const health: ScaleCall = {
    operationId: "getOrganization",
    variant: "",
    method: "GET",
    path: "/organization",
  };
  await send(explaining, health);
  const take = (): Explained[] => explaining.log?.take() ?? [];
  return {
    explain: async (call) => {
      take();
      await send(explaining, call);
      return take();
    },
    explainSweeps: async () => {
      const found = new Map<string, Explained[]>();
      for (const schedule of schedules) {
        take();
        await schedule.sweep(explaining.services, ORGANIZATION);
        found.set(schedule.name, take());
      }
      return found;
    },
    time: async (call) => {
      const start = performance.now();
      await send(plain, call);
      return performance.now() - start;
    },
    close: async () => {
      for (const { server, database } of [plain, explaining]) {
        await server.close();
        await database.close();
      }
    },
  };
}

/** Statements that read a whole table that grows. */
export function wholeTables(explained: readonly Explained[]): string[] {
  return explained.flatMap(({ sql, accesses }) =>
    accesses
      .filter(({ node, table }) => node === "Seq Scan" && LARGE_TABLES.has(table))
      .map(({ table, rows }) => `Seq Scan on ${table} (${rows} rows): ${sql.slice(0, 200)}`),
  );
}

/** Rows of tables that grow that the statements looked at, whatever came of them. */
export function rowsRead(explained: readonly Explained[]): number {
  return explained
    .flatMap(({ accesses }) => accesses)
    .filter(({ table }) => LARGE_TABLES.has(table))
    .reduce((total, { rows }) => total + rows, 0);
}
