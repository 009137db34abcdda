import { randomUUID } from "node:crypto";
import { Client } from "undici";
import type { ServerProcess } from "./server-process.ts";

/** One feedback on the wire. */
export interface WireFeedback {
  execution_id: string;
  agent_id: string;
  user_id: string;
  feedback_type: string;
  rating: number;
  feedback_text: string;
  issue_categories: string[];
  dimensions: Record<string, number>;
}

/** The API over keep-alive connections, one per client, each with one call under way. */
export interface FeedbackApi {
  submit(client: number, feedback: WireFeedback): Promise<void>;
  submitOnce(client: number, feedback: WireFeedback): Promise<void>;
  submitBatch(client: number, feedback: readonly WireFeedback[]): Promise<void>;
  post(path: string, body: unknown): Promise<unknown>;
  /** Ids of everything that was acknowledged. */
  readonly acknowledged: string[];
  close(): Promise<void>;
}

export async function createApiClients(server: ServerProcess, clients: number): Promise<FeedbackApi> {
  const connections = Array.from({ length: clients }, () => new Client(server.url));
  const acknowledged: string[] = [];
  const administrator = { authorization: `Bearer ${server.key}`, "content-type": "application/json" };

  async function call(
    client: number,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<unknown> {
    const connection = connections[client];
    if (connection === undefined) throw new Error(`there is no client ${client}`);
    const response = await connection.request({
      method: "POST",
      path: `/api/learning${path}`,
      headers,
      body: JSON.stringify(body),
    });
    const text = await response.body.text();
    if (response.statusCode !== 201) throw new Error(`${path} answered ${response.statusCode}: ${text}`);
    return JSON.parse(text);
  }

  const post = (path: string, body: unknown): Promise<unknown> => call(0, path, body, administrator);
  const { key } = (await post("/api-keys", { kind: "secret", name: "benchmark" })) as { key: string };
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  return {
    acknowledged,
    post,
    submit: async (client, feedback) => {
      const { id } = (await call(client, "/feedback", feedback, headers)) as { id: string };
      acknowledged.push(id);
    },
    submitOnce: async (client, feedback) => {
      const once = { ...headers, "idempotency-key": randomUUID() };
      const { id } = (await call(client, "/feedback", feedback, once)) as { id: string };
      acknowledged.push(id);
    },
    submitBatch: async (client, feedback) => {
      const { results } = (await call(client, "/feedback/batch", { feedback }, headers)) as {
        results: { id: string }[];
      };
      for (const { id } of results) acknowledged.push(id);
    },
    close: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}
