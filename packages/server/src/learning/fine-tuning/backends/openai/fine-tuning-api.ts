import { openAsBlob } from "node:fs";
import { z } from "zod";
import { nameEndpoint, shorten, withoutSecrets } from "../../../../models/model-endpoint-error.ts";
import { TrainingRefused } from "../backend.ts";
import { mayPass } from "../may-pass.ts";

/** A file at the endpoint. */
export interface RemoteFile {
  id: string;
  filename: string;
}

export interface RemoteJob {
  id: string;
  status: string;
  created_at: number;
  fine_tuned_model: string | null;
  trained_tokens: number | null;
  metadata: Record<string, string>;
  error: { code: string | null; message: string | null; param: string | null } | null;
}

export interface RemoteEvent {
  id: string;
  type: string;
  level: string;
  message: string;
  data: Record<string, unknown>;
}

export interface RemoteCheckpoint {
  id: string;
  step_number: number;
  fine_tuned_model_checkpoint: string;
  metrics: Record<string, unknown>;
}

/** Files and fine-tuning jobs as OpenAI's API has them, and several vendors after it. */
export interface FineTuningApi {
  /** Why there is no such API, in words; undefined: there is, or it is only away. */
  problem(): Promise<string | undefined>;
  files(): Promise<RemoteFile[]>;
  upload(path: string, filename: string): Promise<RemoteFile>;
  deleteFile(id: string): Promise<void>;
  /** The jobs of one of our runs, the oldest first. */
  jobsOf(run: string): Promise<RemoteJob[]>;
  createJob(body: Record<string, unknown>, idempotencyKey: string): Promise<RemoteJob>;
  /** Undefined: there is none. */
  job(id: string): Promise<RemoteJob | undefined>;
  /** Those since one of them, the oldest first. */
  eventsSince(id: string, last: string | null): Promise<RemoteEvent[]>;
  checkpoints(id: string): Promise<RemoteCheckpoint[]>;
  control(id: string, verb: "pause" | "resume" | "cancel"): Promise<void>;
}

export interface FineTuningApiOptions {
  /** Base URL that ends before `/fine_tuning`. */
  url: string;
  key: string | undefined;
  /** The guarded `fetch` of `outgoing/`. */
  fetch: typeof globalThis.fetch;
}

const ANSWER_MILLISECONDS = 60_000;
const UPLOAD_MILLISECONDS = 1_800_000;
const LONGEST_ANSWER = 8 * 1024 * 1024;
const PAGE = 100;
/** Pages of a list that are looked through. */
const MOST_PAGES = 20;

const fileSchema = z.object({ id: z.string().min(1), filename: z.string().default("") });
const jobSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  created_at: z.number().default(0),
  fine_tuned_model: z.string().nullish().default(null),
  trained_tokens: z.number().nullish().default(null),
  metadata: z.record(z.string(), z.string()).nullish().default({}),
  error: z
    .object({
      code: z.string().nullish().default(null),
      message: z.string().nullish().default(null),
      param: z.string().nullish().default(null),
    })
    .nullish()
    .default(null),
});
const eventSchema = z.object({
  id: z.string().min(1),
  type: z.string().default("message"),
  level: z.string().default("info"),
  message: z.string().default(""),
  data: z.record(z.string(), z.unknown()).nullish().default({}),
});
const checkpointSchema = z.object({
  id: z.string(),
  step_number: z.number().default(0),
  fine_tuned_model_checkpoint: z.string(),
  metrics: z.record(z.string(), z.unknown()).nullish().default({}),
});

/** The endpoint answered with a status that is no success. */
class EndpointAnswer extends Error {
  override name = "EndpointAnswer";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What asking again would not change. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof EndpointAnswer) || mayPass(error.status)) return error;
  const kind = [401, 402, 403, 404, 405].includes(error.status) ? "environment" : "data";
  return new TrainingRefused(kind, error.message);
}

async function readText(response: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > LONGEST_ANSWER) throw new Error("The fine-tuning API's answer is too long.");
  }
  return text;
}

/**
 * Every method rejects with `TrainingRefused` for what asking again does not change, else with an `Error`. No message holds the key.
 */
export function createFineTuningApi({ url, key, fetch }: FineTuningApiOptions): FineTuningApi {
  const base = url.replace(/\/$/, "");
  const endpoint = nameEndpoint(url);
  const clean = (text: string): string => shorten(withoutSecrets(text, [key]));

  async function ask(
    path: string,
    {
      headers = {},
      limit = ANSWER_MILLISECONDS,
      ...init
    }: Omit<RequestInit, "headers"> & {
      headers?: Record<string, string>;
      limit?: number;
    } = {},
  ): Promise<unknown> {
    const answer = await fetch(`${base}${path}`, {
      ...init,
      headers: {
        accept: "application/json",
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...headers,
      },
      signal: AbortSignal.timeout(limit),
    }).catch((error: unknown) => {
      const { message, cause } = error as Error;
      const why = clean(cause instanceof Error ? cause.message : message);
      throw new Error(`The fine-tuning API at ${endpoint} cannot be reached: ${why}`);
    });
    const text = await readText(answer);
    if (!answer.ok)
      throw new EndpointAnswer(
        answer.status,
        `The fine-tuning API at ${endpoint} answered ${answer.status}: ${clean(wordsOf(text))}`,
      );
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new Error(`The fine-tuning API at ${endpoint} answered with something that is not JSON.`);
    }
  }

  async function read<T>(schema: z.ZodType<T>, asked: Promise<unknown>): Promise<T> {
    let answer: unknown;
    try {
      answer = await asked;
    } catch (error) {
      throw asRefusal(error);
    }
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new TrainingRefused(
      "environment",
      `The fine-tuning API at ${endpoint} answers in a shape that is not known (${where}).`,
    );
  }

  /** A list page by page, until it ends or enough has been seen. */
  async function list<T extends { id: string }>(
    item: z.ZodType<T>,
    path: string,
    parameters: Record<string, string>,
    isEnough: (items: readonly T[]) => boolean = () => false,
  ): Promise<T[]> {
    const items: T[] = [];
    let after: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const query = new URLSearchParams({
        ...parameters,
        limit: String(PAGE),
        ...(after === undefined ? {} : { after }),
      });
      const schema = z.object({ data: z.array(item), has_more: z.boolean().nullish() });
      const { data, has_more: hasMore } = await read(schema, ask(`${path}?${query.toString()}`));
      items.push(...data);
      const last = data.at(-1);
      if (last === undefined || hasMore !== true || isEnough(items)) break;
      after = last.id;
    }
    return items;
  }

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> =>
    ask(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });
  const jobPath = (id: string): string => `/fine_tuning/jobs/${encodeURIComponent(id)}`;

  return {
    problem: async () => {
      try {
        await ask("/fine_tuning/jobs?limit=1");
        return undefined;
      } catch (error) {
        const refusal = asRefusal(error);
        return refusal instanceof TrainingRefused ? refusal.message : undefined;
      }
    },
    files: () => list(fileSchema, "/files", { purpose: "fine-tune" }),
    upload: async (path, filename) => {
      // Of the same library as the fetch: it knows no other's forms.
      const { FormData } = await import("undici");
      const form = new FormData();
      form.set("purpose", "fine-tune");
      form.set("file", await openAsBlob(path, { type: "application/jsonl" }), filename);
      const asked = ask("/files", {
        method: "POST",
        body: form as unknown as NonNullable<RequestInit["body"]>,
        limit: UPLOAD_MILLISECONDS,
      });
      return { ...(await read(fileSchema, asked)), filename };
    },
    deleteFile: async (id) => {
      await ask(`/files/${encodeURIComponent(id)}`, { method: "DELETE" }).catch((error: unknown) => {
        if (!(error instanceof EndpointAnswer) || error.status !== 404) throw asRefusal(error);
      });
    },
    jobsOf: async (run) => {
      const found = await list(jobSchema, "/fine_tuning/jobs", { [`metadata[${RUN}]`]: run });
      // Not every vendor filters.
      return found
        .map(toJob)
        .filter(({ metadata }) => metadata[RUN] === run)
        .toSorted((one, other) => one.created_at - other.created_at || (one.id < other.id ? -1 : 1));
    },
    createJob: async (body, idempotencyKey) =>
      toJob(await read(jobSchema, post("/fine_tuning/jobs", body, { "idempotency-key": idempotencyKey }))),
    job: async (id) => {
      try {
        return toJob(await read(jobSchema, ask(jobPath(id)).catch(unlessMissing)));
      } catch (error) {
        if (error instanceof Missing) return undefined;
        throw error;
      }
    },
    eventsSince: async (id, last) => {
      const isLast = (event: { id: string }): boolean => event.id === last;
      const newestFirst = await list(eventSchema, `${jobPath(id)}/events`, {}, (seen) => seen.some(isLast));
      const known = newestFirst.findIndex(isLast);
      return (known === -1 ? newestFirst : newestFirst.slice(0, known))
        .map((event) => ({ ...event, data: event.data ?? {}, message: clean(event.message) }))
        .toReversed();
    },
    checkpoints: async (id) =>
      (await list(checkpointSchema, `${jobPath(id)}/checkpoints`, {})).map((one) => ({
        ...one,
        metrics: one.metrics ?? {},
      })),
    control: async (id, verb) => {
      await read(z.unknown(), post(`${jobPath(id)}/${verb}`, {}));
    },
  };
}

/** The key of a job's metadata that names our run. */
export const RUN = "agent_learning_run";

class Missing extends Error {
  override name = "Missing";
}

function unlessMissing(error: unknown): never {
  throw error instanceof EndpointAnswer && error.status === 404 ? new Missing() : error;
}

function toJob({ metadata, error, ...job }: z.infer<typeof jobSchema>): RemoteJob {
  return {
    ...job,
    fine_tuned_model: job.fine_tuned_model ?? null,
    trained_tokens: job.trained_tokens ?? null,
    metadata: metadata ?? {},
    error:
      error === null || error === undefined
        ? null
        : { code: error.code ?? null, message: error.message ?? null, param: error.param ?? null },
  };
}

/** An error's own words, where the body has OpenAI's shape. */
function wordsOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } | string };
    const words = typeof error === "string" ? error : error?.message;
    return typeof words === "string" ? words : text;
  } catch {
    return text;
  }
}
