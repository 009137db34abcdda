import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { learnedAnswers } from "../../fine-tuning.testing.ts";

type Messages = { role: string; content: string }[];
type Conversation = { messages: Messages };
type Row = { messages?: Messages; input?: { messages: Messages }; preferred_output?: Messages };

export interface EndpointJob {
  id: string;
  object: "fine_tuning.job";
  status: string;
  created_at: number;
  model: string;
  training_file: string;
  validation_file: string | null;
  fine_tuned_model: string | null;
  trained_tokens: number | null;
  metadata: Record<string, string>;
  error: { code: string; message: string; param: string | null } | null;
  method: unknown;
  seed: unknown;
}

/** What a test wants of the endpoint. */
export interface EndpointBehaviour {
  steps: number;
  /** A job goes on by a step at each look, up to this one. */
  holdAt?: number;
  nanAt?: number;
  /** The job fails at its first step. */
  failsWith?: { code: string; message: string; param: string | null };
  /** The next requests are answered with these statuses instead, one each; 0 breaks the connection. */
  refuse: { path: RegExp; method: string; status: number; message?: string }[];
  /** The answer to a created job is lost on the way. */
  losesAnswer?: boolean;
  /** There is no such thing as pausing here. */
  cannotPause?: boolean;
}

export interface FineTuningEndpoint {
  url: string;
  key: string;
  behaviour: EndpointBehaviour;
  files: Map<string, { filename: string; purpose: string; text: string }>;
  jobs: EndpointJob[];
  /** By job: it stays when the file goes. */
  learned: Map<string, Conversation[]>;
  requests: { method: string; path: string; authorization: string | undefined }[];
  close(): Promise<void>;
}

/** Files, fine-tuning jobs and chat completions of OpenAI's shape on 127.0.0.1. What it "trains" answers as its rows say. */
export async function startFineTuningEndpoint(): Promise<FineTuningEndpoint> {
  const events = new Map<
    string,
    { id: string; type: string; level: string; message: string; data: unknown }[]
  >();
  let next = 0;
  const id = (kind: string): string => `${kind}-${(next += 1)}`;
  const endpoint: FineTuningEndpoint = {
    url: "",
    key: "sk-the-key-of-this-test",
    behaviour: { steps: 3, refuse: [] },
    files: new Map(),
    jobs: [],
    learned: new Map(),
    requests: [],
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const say = (job: EndpointJob, type: string, message: string, data: unknown = {}): void => {
    const list = events.get(job.id) ?? [];
    events.set(job.id, [{ id: id("event"), type, level: "info", message, data }, ...list]);
  };
  const step = (job: EndpointJob): void => {
    const { steps, holdAt, nanAt, failsWith } = endpoint.behaviour;
    if (job.status === "queued") {
      job.status = "running";
      say(job, "message", "Fine-tuning job started");
      return;
    }
    if (job.status !== "running") return;
    const done = (events.get(job.id) ?? []).filter(({ type }) => type === "metrics").length;
    if (holdAt !== undefined && done >= holdAt) return;
    if (failsWith !== undefined) {
      job.status = "failed";
      job.error = failsWith;
      return;
    }
    const now = done + 1;
    const loss = now === nanAt ? null : 1 / now;
    say(job, "metrics", `Step ${now}/${steps}`, { step: now, total_steps: steps, train_loss: loss });
    if (now < steps) return;
    job.status = "succeeded";
    job.fine_tuned_model = `ft:${job.model}:${job.id}`;
    job.trained_tokens = 1_000;
  };

  const handlers: [
    string,
    RegExp,
    (found: RegExpMatchArray, body: string, request: IncomingMessage) => unknown,
  ][] = [
    ["POST", /^\/v1\/files$/, (_found, body, request) => upload(endpoint, id("file"), body, request)],
    [
      "GET",
      /^\/v1\/files$/,
      () =>
        list(
          [...endpoint.files].map(([key, file]) => ({ id: key, object: "file", ...file, text: undefined })),
        ),
    ],
    [
      "DELETE",
      /^\/v1\/files\/([^/]+)$/,
      ([, key = ""]) => (endpoint.files.delete(key) ? { id: key, deleted: true } : undefined),
    ],
    [
      "POST",
      /^\/v1\/fine_tuning\/jobs$/,
      (_found, body) => {
        const asked = JSON.parse(body) as EndpointJob;
        const job: EndpointJob = {
          ...asked,
          id: id("ftjob"),
          object: "fine_tuning.job",
          status: "queued",
          created_at: 1_700_000_000 + next,
          validation_file: asked.validation_file ?? null,
          fine_tuned_model: null,
          trained_tokens: null,
          error: null,
        };
        endpoint.jobs.push(job);
        endpoint.learned.set(job.id, rowsOf(endpoint.files.get(job.training_file)?.text ?? ""));
        return job;
      },
    ],
    ["GET", /^\/v1\/fine_tuning\/jobs$/, () => list(endpoint.jobs.toReversed())],
    [
      "GET",
      /^\/v1\/fine_tuning\/jobs\/([^/]+)$/,
      ([, key]) => {
        const job = endpoint.jobs.find((one) => one.id === key);
        const shown = job === undefined ? undefined : { ...job };
        if (job !== undefined) step(job);
        return shown;
      },
    ],
    ["GET", /^\/v1\/fine_tuning\/jobs\/([^/]+)\/events$/, ([, key = ""]) => list(events.get(key) ?? [])],
    [
      "GET",
      /^\/v1\/fine_tuning\/jobs\/([^/]+)\/checkpoints$/,
      ([, key]) =>
        list(
          endpoint.jobs
            .filter((job) => job.id === key)
            .map(({ model }) => ({
              id: id("ckpt"),
              step_number: 2,
              fine_tuned_model_checkpoint: `ft:${model}:ckpt-2`,
              metrics: { train_loss: 0.5 },
            })),
        ),
    ],
    [
      "POST",
      /^\/v1\/fine_tuning\/jobs\/([^/]+)\/(pause|resume|cancel)$/,
      ([, key, verb = ""]) => {
        const job = endpoint.jobs.find((one) => one.id === key);
        if (job === undefined || (verb === "pause" && endpoint.behaviour.cannotPause === true))
          return undefined;
        job.status = { pause: "paused", resume: "queued", cancel: "cancelled" }[verb] ?? job.status;
        return job;
      },
    ],
    ["POST", /^\/v1\/chat\/completions$/, (_found, body) => completion(endpoint, body)],
  ];

  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (body += part));
    request.on("end", () => answer(request, response, body));
  });
  function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { pathname } = new URL(request.url ?? "/", "http://endpoint");
    const { method = "GET" } = request;
    const { authorization } = request.headers;
    endpoint.requests.push({ method, path: pathname, authorization });
    const send = (status: number, value: unknown): void =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (authorization !== `Bearer ${endpoint.key}`)
      return send(401, { error: { message: `Incorrect API key provided: ${authorization ?? ""}` } });
    const at = endpoint.behaviour.refuse.findIndex((one) => one.method === method && one.path.test(pathname));
    const refusal = at === -1 ? undefined : endpoint.behaviour.refuse.splice(at, 1)[0];
    if (refusal?.status === 0) return void request.socket.destroy();
    if (refusal !== undefined) return send(refusal.status, { error: { message: refusal.message ?? "no" } });
    for (const [verb, path, handle] of handlers) {
      const found = verb === method ? path.exec(pathname) : null;
      if (found === null) continue;
      const value = handle(found, body, request);
      if (endpoint.behaviour.losesAnswer === true && method === "POST" && pathname.endsWith("/jobs")) {
        endpoint.behaviour.losesAnswer = false;
        return void request.socket.destroy();
      }
      return value === undefined ? send(404, { error: { message: "not found" } }) : send(200, value);
    }
    send(404, { error: { message: `no ${method} ${pathname} here` } });
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return endpoint;
}

function list(data: unknown[]): unknown {
  return { object: "list", data, has_more: false };
}

/** Reads a form as browsers and SDKs send it. */
function upload(endpoint: FineTuningEndpoint, id: string, body: string, request: IncomingMessage): unknown {
  const boundary = /boundary=(.+)$/.exec(request.headers["content-type"] ?? "")?.[1] ?? "";
  const parts = body.split(`--${boundary}`);
  const part = (name: string): string => parts.find((one) => one.includes(`name="${name}"`)) ?? "";
  const textOf = (one: string): string => one.slice(one.indexOf("\r\n\r\n") + 4).replace(/\r\n$/, "");
  const filename = /filename="([^"]+)"/.exec(part("file"))?.[1] ?? "";
  const file = { filename, purpose: textOf(part("purpose")), text: textOf(part("file")) };
  endpoint.files.set(id, file);
  return { id, object: "file", filename, purpose: file.purpose, bytes: file.text.length };
}

/** The base answers "vat"; what was trained, as its rows say. */
function completion(endpoint: FineTuningEndpoint, body: string): unknown {
  const { model, messages } = JSON.parse(body) as {
    model: string;
    messages: { content: string | { text: string }[] }[];
  };
  const last = messages.at(-1)?.content ?? "";
  const asked = typeof last === "string" ? last : last.map(({ text }) => text).join("");
  const job = endpoint.jobs.find((one) => one.fine_tuned_model === model);
  const rows = (job === undefined ? undefined : endpoint.learned.get(job.id)) ?? [];
  return {
    id: "1",
    object: "chat.completion",
    created: 1,
    model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: learnedAnswers(rows)(asked) },
        finish_reason: "stop",
      },
    ],
  };
}

/** What a file teaches. */
function rowsOf(text: string): Conversation[] {
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row)
    .map(({ messages, input, preferred_output: preferred }) => ({
      messages: messages ?? [...(input?.messages ?? []), ...(preferred ?? [])],
    }));
}
