import { Client } from "pg";

/** Units of a started experiment, half in each arm. */
export interface FillInput {
  organizationId: string;
  experimentId: string;
  agentId: string;
  versions: { control: string; treatment: string };
  units: number;
}

export const armOf = (unit: number): "control" | "treatment" => (unit % 2 === 0 ? "control" : "treatment");
export const unitId = (unit: number): string => `unit-${unit}`;

const CHUNK = 50_000;

/** Writes as the superuser, past row-level security. */
export interface OutcomeFiller {
  /** Exposures as the API would have stored them, with what they change. */
  expose(input: FillInput): Promise<void>;
  /** Plain rows of `outcomes` in one statement and transaction, as one report has. */
  insertRaw(organizationId: string, count: number): Promise<void>;
  countNotes(experimentId: string): Promise<number>;
  /** Notes, and units that a sequential test has yet to take in. */
  countUnfolded(experimentId: string): Promise<number>;
  close(): Promise<void>;
}

export async function openFiller(url: string): Promise<OutcomeFiller> {
  const client = new Client({ connectionString: url });
  await client.connect();
  let raw = 0;
  return {
    expose: async ({ organizationId, experimentId, agentId, versions, units }) => {
      const arm = "CASE WHEN n % 2 = 0 THEN 'control' ELSE 'treatment' END";
      const { control, treatment } = versions;
      for (let from = 0; from < units; from += CHUNK) {
        const to = Math.min(units, from + CHUNK) - 1;
        await client.query(
          `INSERT INTO exposures (organization_id, subject_id, unit_id, id, agent_id, subject_type, arm, version_id, share)
           SELECT $1, $2, 'unit-' || n, gen_random_uuid(), $3, 'experiment', ${arm}, CASE WHEN n % 2 = 0 THEN $4::uuid ELSE $5::uuid END, 0.5
           FROM generate_series($6::int, $7::int) AS n`,
          [organizationId, experimentId, agentId, control, treatment, from, to],
        );
        await client.query(
          `INSERT INTO unit_changes (organization_id, subject_id, stage, arm, metric, units, n, sum, sum_squares, other_sum, other_sum_squares, cross_sum)
           SELECT $1, $2, 0, ${arm}, 'exposure', count(*), count(*), 0, 0, count(*), count(*), 0
           FROM generate_series($3::int, $4::int) AS n GROUP BY 4`,
          [organizationId, experimentId, from, to],
        );
      }
      await client.query("VACUUM ANALYZE exposures");
    },
    insertRaw: async (organizationId, count) => {
      const rows = Array.from({ length: count }, () => {
        raw += 1;
        return { outcome_id: `raw-${raw}`, unit_id: unitId(raw), value: (raw % 1000) / 1000 };
      });
      await client.query(
        `INSERT INTO outcomes (organization_id, subject_id, outcome_id, unit_id, metric, value)
         SELECT $1, '00000000-0000-7000-8000-000000000001', d.outcome_id, d.unit_id, 'raw', d.value
         FROM jsonb_to_recordset($2::jsonb) AS d(outcome_id text, unit_id text, value float8)`,
        [organizationId, JSON.stringify(rows)],
      );
    },
    countNotes: async (experimentId) => {
      const { rows } = await client.query<{ notes: string }>(
        "SELECT count(*) AS notes FROM unit_changes WHERE subject_id = $1",
        [experimentId],
      );
      return Number(rows[0]?.notes);
    },
    countUnfolded: async (experimentId) => {
      const { rows } = await client.query<{ waiting: string }>(
        `SELECT (SELECT count(*) FROM unit_changes WHERE subject_id = $1) +
           (SELECT count(*) FROM unit_metrics WHERE subject_id = $1 AND closed_at IS NULL) AS waiting`,
        [experimentId],
      );
      return Number(rows[0]?.waiting);
    },
    close: () => client.end(),
  };
}
