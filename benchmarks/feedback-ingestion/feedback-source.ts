import { Client } from "pg";
import type { FeedbackApi, WireFeedback } from "./api-clients.ts";

const EXECUTIONS = 4_000;
const RATERS = 1_000;
const AGENT = "benchmark-agent";

/** Where the rows of a direct insert point to. */
export interface KnownIds {
  organization: string;
  agent: string;
  executions: ReadonlyMap<string, string>;
  raters: ReadonlyMap<string, string>;
}

/** Feedback that was never given before: each names another pair of execution and rater. */
export interface FeedbackSource {
  next(): WireFeedback;
  take(count: number): WireFeedback[];
  /** The ids behind the names, from the database. */
  ids(databaseUrl: string): Promise<KnownIds>;
  acknowledged(): readonly string[];
}

/** Makes the agent, its executions and the raters. */
export async function createFeedbackSource(api: FeedbackApi): Promise<FeedbackSource> {
  // Evidence only: what is learned from it is not what is measured here.
  await api.post("/agents", { slug: AGENT, config: { learning_enabled: false } });
  for (let start = 0; start < EXECUTIONS; start += 500) {
    const executions = Array.from({ length: 500 }, (_, index) => ({
      agent_id: AGENT,
      execution_id: `execution-${start + index}`,
      user_id: `rater-${(start + index) % RATERS}`,
      input_text: "Which form do I need for the input tax of a company car?",
      output_text: "The one for input tax; the share of private use is entered on page two.",
      status: "succeeded",
      latency_ms: 820,
    }));
    await api.post("/executions", { executions });
  }
  let counter = 0;
  const next = (): WireFeedback => {
    const number = counter;
    counter += 1;
    if (number >= EXECUTIONS * RATERS) throw new Error("every rater has rated everything: run shorter");
    return {
      execution_id: `execution-${number % EXECUTIONS}`,
      agent_id: AGENT,
      user_id: `rater-${(number + Math.floor(number / EXECUTIONS)) % RATERS}`,
      feedback_type: "rating",
      rating: (number % 5) + 1,
      feedback_text: "It answers the question, but the page it names is from last year's form.",
      issue_categories: number % 3 === 0 ? ["outdated"] : [],
      dimensions: { accuracy: (number % 4) + 1, clarity: 4 },
    };
  };
  return {
    next,
    take: (count) => Array.from({ length: count }, next),
    ids: async (databaseUrl) => readIds(databaseUrl),
    acknowledged: () => api.acknowledged,
  };
}

async function readIds(databaseUrl: string): Promise<KnownIds> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const read = async (query: string): Promise<ReadonlyMap<string, string>> => {
      const { rows } = await client.query<{ name: string; id: string }>(query);
      return new Map(rows.map((row) => [row.name, row.id]));
    };
    const agents = await client.query<{ organization_id: string; id: string }>(
      "SELECT organization_id, id FROM agents WHERE slug = $1",
      [AGENT],
    );
    const agent = agents.rows[0];
    if (agent === undefined) throw new Error("the agent is missing");
    return {
      organization: agent.organization_id,
      agent: agent.id,
      executions: await read("SELECT external_id AS name, id FROM agent_executions"),
      raters: await read("SELECT external_id AS name, id FROM users WHERE external_id IS NOT NULL"),
    };
  } finally {
    await client.end();
  }
}
