import { randomBytes } from "node:crypto";
import { Client } from "pg";

/** A database of this run's own. */
export interface BenchmarkDatabase {
  readonly url: string;
  /** Version and durability settings, for the head of the report. */
  describe(): Promise<string>;
  /** How many of these feedback ids are not there. */
  countMissing(ids: readonly string[]): Promise<number>;
  /** Process ids of its connections. */
  backends(): Promise<number[]>;
  drop(): Promise<void>;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Creates a database on the server behind `serverUrl`. */
export async function openDatabase(serverUrl: string): Promise<BenchmarkDatabase> {
  const name = `als_benchmark_${randomBytes(4).toString("hex")}`;
  await withClient(serverUrl, (client) => client.query(`CREATE DATABASE ${name}`));
  const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  return {
    url,
    describe: () =>
      withClient(url, async (client) => {
        const { rows } = await client.query<{ text: string }>(`
          SELECT format('PostgreSQL %s, fsync %s, synchronous_commit %s', current_setting('server_version'),
            current_setting('fsync'), current_setting('synchronous_commit')) AS text`);
        return rows[0]?.text ?? "";
      }),
    countMissing: (ids) =>
      withClient(url, async (client) => {
        const { rows } = await client.query<{ missing: string }>(
          `SELECT count(*) AS missing FROM unnest($1::uuid[]) AS i(id)
           WHERE NOT EXISTS (SELECT 1 FROM agent_feedback f WHERE f.id = i.id)`,
          [ids],
        );
        return Number(rows[0]?.missing);
      }),
    backends: () =>
      withClient(url, async (client) => {
        const { rows } = await client.query<{ pid: number }>(
          "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
        return rows.map(({ pid }) => pid);
      }),
    drop: () =>
      withClient(serverUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}
