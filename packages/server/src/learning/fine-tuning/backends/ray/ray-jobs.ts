import { z } from "zod";
import { nameEndpoint, shorten, withoutSecrets } from "../../../../models/model-endpoint-error.ts";
import { mayPass } from "../may-pass.ts";

export interface RayJob {
  status: "PENDING" | "RUNNING" | "STOPPED" | "SUCCEEDED" | "FAILED";
  message: string | null;
}

/** A Ray cluster's jobs, by the HTTP API of its dashboard. */
export interface RayJobs {
  /** Why the cluster takes no jobs, in words; undefined: it does, or is only away. */
  problem(): Promise<string | undefined>;
  /** Submits a job; one that was submitted by this id already is left as it is. */
  submit(job: {
    id: string;
    entrypoint: string;
    gpus: number;
    metadata: Record<string, string>;
  }): Promise<void>;
  /** Undefined: there is none. */
  job(id: string): Promise<RayJob | undefined>;
  stop(id: string): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface RayJobsOptions {
  /** Where the dashboard listens, as http://head:8265. */
  url: string;
  token: string | undefined;
  /** The guarded `fetch` of `outgoing/`. */
  fetch: typeof globalThis.fetch;
}

const MILLISECONDS = 30_000;
const LONGEST_WORDS = 2_000;

const jobSchema: z.ZodType<RayJob> = z.object({
  status: z.enum(["PENDING", "RUNNING", "STOPPED", "SUCCEEDED", "FAILED"]),
  message: z.string().nullish().default(null),
}) as z.ZodType<RayJob>;

/** Every method rejects with an Error in words where the cluster does not answer as it should; no message holds the token. */
export function createRayJobs({ url, token, fetch }: RayJobsOptions): RayJobs {
  const base = url.replace(/\/$/, "");
  const cluster = `The Ray cluster at ${nameEndpoint(url)}`;

  async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${base}${path}`, {
      ...init,
      headers: {
        ...(init.body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      signal: AbortSignal.timeout(MILLISECONDS),
    }).catch((error: unknown) => {
      const { message, cause } = error as Error;
      const why = withoutSecrets(cause instanceof Error ? cause.message : message, [token]);
      throw new Error(`${cluster} cannot be reached: ${why}`);
    });
    return { status: answer.status, text: await answer.text() };
  }
  const refused = ({ status, text }: { status: number; text: string }): Error =>
    new Error(
      `${cluster} answered ${status}: ${shorten(withoutSecrets(text.slice(-LONGEST_WORDS), [token]))}`,
    );
  const jobPath = (id: string): string => `/api/jobs/${encodeURIComponent(id)}`;

  async function job(id: string): Promise<RayJob | undefined> {
    const answer = await ask(jobPath(id));
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw refused(answer);
    let parsed: z.ZodSafeParseResult<RayJob> | undefined;
    try {
      parsed = jobSchema.safeParse(JSON.parse(answer.text));
    } catch {
      parsed = undefined;
    }
    if (parsed?.success !== true) throw new Error(`${cluster} describes a job in a shape that is not known.`);
    return parsed.data;
  }

  return {
    problem: async () => {
      try {
        const answer = await ask("/api/jobs/");
        return answer.status === 200 || mayPass(answer.status) ? undefined : refused(answer).message;
      } catch {
        // A head that is away may come back: submitting waits for it.
        return undefined;
      }
    },
    submit: async ({ id, entrypoint, gpus, metadata }) => {
      const body = {
        submission_id: id,
        entrypoint,
        metadata,
        ...(gpus > 0 ? { entrypoint_num_gpus: gpus } : {}),
      };
      const answer = await ask("/api/jobs/", { method: "POST", body: JSON.stringify(body) });
      // For an id that it has it answers 500; so it does where it fails.
      if (answer.status !== 200 && (await job(id)) === undefined) throw refused(answer);
    },
    job,
    stop: async (id) => {
      const answer = await ask(`${jobPath(id)}/stop`, { method: "POST" });
      if (answer.status !== 200 && answer.status !== 404) throw refused(answer);
    },
    remove: async (id) => {
      const answer = await ask(jobPath(id), { method: "DELETE" });
      if (answer.status !== 200 && answer.status !== 404) throw refused(answer);
    },
  };
}

/** Whether a job has come to its end, good or bad. */
export function isOver({ status }: RayJob): boolean {
  return status !== "PENDING" && status !== "RUNNING";
}
