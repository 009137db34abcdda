import { createHmac } from "node:crypto";
import type { Config } from "../config.ts";
import { assertOutgoingUrl, createOutgoingFetch, OutgoingUrlError } from "./outgoing-fetch.ts";

/** Calls URLs that users named. */
export interface Webhooks {
  /** Why a URL is not called, as a sentence's end; undefined: it may be. */
  refusal(url: string): string | undefined;
  /** Posts JSON and gives back the JSON of the answer. Rejects in a sentence that repeats nothing of the answer. */
  post(url: string, body: unknown, signal?: AbortSignal): Promise<unknown>;
}

const TIMEOUT = 20_000;
const LONGEST_ANSWER = 256 * 1024;

/**
 * https and public addresses only, unless the operator allows private ones. With a secret, `x-learning-signature` is
 * `sha256=` and the HMAC of the body, in hexadecimal.
 */
export function createWebhooks(
  config: Config["webhooks"],
  { timeoutMilliseconds = TIMEOUT }: { timeoutMilliseconds?: number } = {},
): Webhooks {
  const policy = { allowPrivate: config.allowPrivate };
  const fetch = createOutgoingFetch(policy);
  return {
    refusal: (url) => {
      try {
        assertOutgoingUrl(new URL(url), policy);
        return undefined;
      } catch (error) {
        return error instanceof OutgoingUrlError ? `cannot be used: ${error.message}` : "is not a URL";
      }
    },
    post: async (url, body, signal) => {
      const limit = AbortSignal.timeout(timeoutMilliseconds);
      const text = JSON.stringify(body);
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json", ...sign(text, config.secret) },
          body: text,
          signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
        });
        if (!response.ok) {
          await response.body?.cancel();
          throw new WebhookError(`the webhook answered ${response.status}`);
        }
        return JSON.parse(await readText(response)) as unknown;
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof WebhookError) throw error;
        if (limit.aborted)
          throw new WebhookError(`the webhook gave no answer within ${timeoutMilliseconds / 1000} seconds`);
        if (error instanceof SyntaxError) throw new WebhookError("the webhook's answer is not JSON");
        throw new WebhookError("the webhook cannot be reached");
      }
    },
  };
}

class WebhookError extends Error {
  override name = "WebhookError";
}

function sign(text: string, secret: string | undefined): Record<string, string> {
  if (secret === undefined) return {};
  return { "x-learning-signature": `sha256=${createHmac("sha256", secret).update(text).digest("hex")}` };
}

/** An answer without end must not fill the memory. */
async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) throw new WebhookError("the webhook's answer is longer than 256 KiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
