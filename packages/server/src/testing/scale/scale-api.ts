import { hashKey } from "../../administration/api-keys/key-format.ts";
import { candidateObservers } from "../../candidate-observers.ts";
import { composeServer } from "../../compose.ts";
import { readConfig } from "../../config.ts";
import { connectDatabase, type DatabaseConnection, withSystem } from "../../database/index.ts";
import { pinnedCases } from "../../evaluation/regression/index.ts";
import { evidenceObservers } from "../../evidence-observers.ts";
import { experimentObservers } from "../../experiment-observers.ts";
import { schedules } from "../../job-definitions.ts";
import { createLog } from "../../log.ts";
import { createTestServices } from "../test-services.ts";
import { type Explained, type ExplainLog, explainingUrl, listenToPlans } from "./explain-log.ts";
import type { ScaleCall } from "./scale-calls.ts";
import { scaleId } from "./scale-ids.ts";

/** The API over a filled database, in this process, with the plan of each statement. */
export interface ScaleApi {
  /** The statements of one call, and of the pages after its first one. @throws when it does not succeed */
  explain(call: ScaleCall): Promise<Explained[][]>;
  /** The statements of one look of everything that workers look for. */
  explainSweeps(): Promise<Map<string, Explained[]>>;
  /** Milliseconds of one call, plans not reported. */
  time(call: ScaleCall): Promise<number>;
  close(): Promise<void>;
}

const PAGES = 4;
/** Of the administrator of the filled organization. */
export const SCALE_KEY = "als_uk_the-administrator-of-a-large-one";
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
        key_hash: hashKey(SCALE_KEY),
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

async function open(url: string, settings: Readonly<Record<string, string>> | undefined): Promise<Side> {
  const database = await connectDatabase({
    databaseUrl: settings === undefined ? url : explainingUrl(url, settings),
    dataDirectory: "",
    poolSize: 2,
  });
  const log = settings === undefined ? undefined : listenToPlans(database);
  const services = createTestServices(database, {
    // What is asked is how rows are reached, not what they say.
    config: { ...readConfig({}), tickMilliseconds: 600_000 },
    evidenceObservers,
    candidateObservers,
    experimentObservers,
    pinnedCases,
    // Named, so that workers look for what it has to do; nothing is embedded.
    embedders: {
      configured: true,
      load: async () => ({ name: "scale", embed: async () => [] }),
      dispose: async () => undefined,
    },
    log: createLog("error"),
  });
  return { server: composeServer(services), services, database, log };
}

/** @returns the cursor of the next page, where the answer has one */
async function send({ server }: Side, { method, path, body }: ScaleCall): Promise<string | undefined> {
  const response = await server.inject({
    method,
    url: `/api/learning${path}`,
    headers: {
      authorization: `Bearer ${SCALE_KEY}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  // Of files there are none.
  const missing =
    (response.statusCode === 404 && path.includes("there-is-none")) ||
    (response.statusCode === 409 && path.endsWith("/content"));
  if (response.statusCode >= 300 && !missing) {
    throw new Error(`${method} ${path} answered ${response.statusCode}: ${response.body.slice(0, 500)}`);
  }
  const isList = response.statusCode === 200 && String(response.headers["content-type"]).includes("/json");
  if (!isList) return undefined;
  return response.json<{ next_cursor?: string | null }>().next_cursor ?? undefined;
}

function nextPage(call: ScaleCall, cursor: string): ScaleCall {
  const url = new URL(call.path, "http://localhost");
  url.searchParams.set("cursor", cursor);
  return { ...call, path: `${url.pathname}${url.search}` };
}

/**
 * Opens the API over the database behind `url`, which `fillDatabase` filled.
 * @param settings of PostgreSQL, for what is explained
 */
export async function openScaleApi(
  url: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ScaleApi> {
  const plain = await open(url, undefined);
  await admit(plain.database);
  const explaining = await open(url, settings);
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
      const pages: Explained[][] = [];
      for (let next: ScaleCall | undefined = call; next !== undefined && pages.length < PAGES;) {
        const cursor: string | undefined = await send(explaining, next);
        pages.push(take());
        next = call.method === "GET" && cursor !== undefined ? nextPage(call, cursor) : undefined;
      }
      return pages;
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
