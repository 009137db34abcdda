import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import {
  type CreateDemonstration,
  createDemonstration,
  type RecordExecution,
  recordExecutions,
  type RecordRetrieval,
  recordRetrievals,
  type ReportedOutcome,
  reportOutcomes,
  type ServingConfiguration,
  type SubmitFeedback,
  submitFeedback,
} from "@agent-learning/contract";
import type { z } from "zod";
import { wireServing } from "../serving/serving.testing.ts";

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  body: string;
}

/**
 * A server that speaks the contract on 127.0.0.1, stores in memory as the real one does (by id, by Idempotency-Key), and
 * misbehaves on demand.
 */
export interface FakeServer {
  readonly url: string;
  readonly port: number;
  /** By execution id. `times`: how often it was sent. */
  readonly executions: Map<string, { execution: RecordExecution; times: number }>;
  /** By Idempotency-Key. */
  readonly feedback: Map<string, { feedback: SubmitFeedback; times: number }>;
  readonly retrievals: Map<string, RecordRetrieval>;
  /** By outcome id. */
  readonly outcomes: Map<string, ReportedOutcome>;
  /** By Idempotency-Key. */
  readonly demonstrations: Map<string, CreateDemonstration>;
  readonly exchanges: { method: string; path: string }[];
  serving: ServingConfiguration;
  /**
   * Called before each answer. Returns true when it has answered itself, or will never; "store" to let the request take
   * effect and have no answer.
   */
  misbehave: ((exchange: Exchange) => boolean | "store") | undefined;
  close(): Promise<void>;
}

function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const type = status >= 400 ? "application/problem+json" : "application/json";
  response.writeHead(status, { "content-type": type, ...headers }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, error: z.ZodError): void {
  answer(response, 400, {
    type: "urn:agent-learning:problem:malformed-request",
    title: "The request is malformed",
    status: 400,
    detail: "not as expected",
    errors: error.issues.map(({ path, message }) => ({ path: ["body", ...path].join("."), message })),
  });
}

const stored = (id: string): object => ({ id, status: "stored", version: 1 });

export async function startFakeServer(port: number = 0): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  let serving = wireServing();

  const poll = (request: IncomingMessage, response: ServerResponse): void => {
    const send = (): void => {
      const etag = `"${serving.revision}"`;
      if (request.headers["if-none-match"] === etag) response.writeHead(304, { etag }).end();
      else answer(response, 200, serving, { etag });
    };
    const wait = Number(new URL(request.url ?? "", "http://h").searchParams.get("wait"));
    if (wait === 0 || request.headers["if-none-match"] !== `"${serving.revision}"`) return send();
    const timer = setTimeout(send, wait * 1_000);
    const end = (): void => {
      clearTimeout(timer);
      waiting.delete(change);
    };
    const change = (): void => {
      end();
      send();
    };
    waiting.add(change);
    response.once("close", end);
  };

  /** Takes effect like the real thing, and returns how to answer. */
  const store = ({ request, path, body }: Exchange): ((response: ServerResponse) => void) => {
    const json: unknown = JSON.parse(body);
    if (path === "/api/learning/executions") {
      const parsed = recordExecutions.safeParse(json);
      if (!parsed.success) return (response) => refuse(response, parsed.error);
      for (const execution of parsed.data.items) {
        const known = server.executions.get(execution.execution_id);
        if (known === undefined) server.executions.set(execution.execution_id, { execution, times: 1 });
        else known.times += 1;
      }
      return (response) => answer(response, 200, { results: parsed.data.items.map(() => ({})) });
    }
    if (path === "/api/learning/retrievals") {
      const parsed = recordRetrievals.safeParse(json);
      if (!parsed.success) return (response) => refuse(response, parsed.error);
      for (const retrieval of parsed.data.items) server.retrievals.set(retrieval.id ?? "", retrieval);
      return (response) => answer(response, 200, { results: parsed.data.items.map(() => ({})) });
    }
    if (path === "/api/learning/outcomes") {
      const parsed = reportOutcomes.safeParse(json);
      if (!parsed.success) return (response) => refuse(response, parsed.error);
      const { outcomes } = parsed.data;
      const known = outcomes.filter(({ outcome_id }) => server.outcomes.has(outcome_id)).length;
      for (const outcome of outcomes) server.outcomes.set(outcome.outcome_id, outcome);
      return (response) => answer(response, 200, { recorded: outcomes.length - known, known });
    }
    if (path === "/api/learning/demonstrations") {
      const parsed = createDemonstration.safeParse(json);
      if (!parsed.success) return (response) => refuse(response, parsed.error);
      const key = String(request.headers["idempotency-key"]);
      server.demonstrations.set(key, parsed.data);
      return (response) => answer(response, 201, { id: key });
    }
    const parsed = submitFeedback.safeParse(json);
    if (!parsed.success) return (response) => refuse(response, parsed.error);
    const key = String(request.headers["idempotency-key"]);
    const known = server.feedback.get(key);
    if (known === undefined) server.feedback.set(key, { feedback: parsed.data, times: 1 });
    else known.times += 1;
    return (response) => answer(response, 201, stored(key));
  };

  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    request.on("end", () => {
      const path = (request.url ?? "").split("?")[0] ?? "";
      server.exchanges.push({ method: request.method ?? "", path });
      const exchange = { request, response, path, body: Buffer.concat(chunks).toString() };
      const bad = server.misbehave?.(exchange) ?? false;
      if (bad === true) return;
      if (request.method === "GET") return poll(request, response);
      const reply = store(exchange);
      if (bad === false) reply(response);
    });
  });
  http.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  const address = http.address() as AddressInfo;
  const server: FakeServer = {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    executions: new Map(),
    feedback: new Map(),
    retrievals: new Map(),
    outcomes: new Map(),
    demonstrations: new Map(),
    exchanges: [],
    misbehave: undefined,
    get serving() {
      return serving;
    },
    set serving(next) {
      serving = next;
      for (const change of waiting) change();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}
