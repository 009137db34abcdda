import type { Embedder } from "@agent-learning/learning";

export interface EmbeddingEndpoint {
  /** Base URL that ends before `/embeddings`. */
  url: string;
  name: string;
  key: string | undefined;
}

const TIMEOUT = 60_000;
/** Texts of one request at most. */
const AT_ONCE = 64;
const LONGEST_ANSWER = 64 * 1024 * 1024;

/** The embeddings endpoint failed. The message names the endpoint and holds no key and no text. */
export class EmbeddingEndpointError extends Error {
  override name = "EmbeddingEndpointError";
}

/** Any endpoint that speaks OpenAI's embeddings. Rejects with `EmbeddingEndpointError`, or with the signal's reason. */
export function openAIEmbedder(
  { url, name, key }: EmbeddingEndpoint,
  { fetch, timeoutMilliseconds = TIMEOUT }: { fetch: typeof globalThis.fetch; timeoutMilliseconds?: number },
): Embedder {
  const { origin, pathname } = new URL(url);
  const endpoint = `${origin}${pathname.replace(/\/$/, "")}`;
  const failure = (problem: string): EmbeddingEndpointError =>
    new EmbeddingEndpointError(`The embedder at ${endpoint} ${problem}.`);

  const ask = async (texts: readonly string[], signal: AbortSignal | undefined): Promise<number[][]> => {
    const limit = AbortSignal.timeout(timeoutMilliseconds);
    try {
      const response = await fetch(`${url.replace(/\/$/, "")}/embeddings`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify({ model: name, input: texts, encoding_format: "float" }),
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      });
      const text = await response.text();
      if (!response.ok) throw failure(`answered ${response.status}`);
      if (text.length > LONGEST_ANSWER) throw failure("answered too much");
      return readVectors(text, texts.length) ?? fail(failure("gave no vector for each text"));
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof EmbeddingEndpointError) throw error;
      throw failure(
        limit.aborted ? `gave no answer within ${timeoutMilliseconds / 1000} seconds` : "cannot be reached",
      );
    }
  };

  return {
    name: `${endpoint}#${name}`,
    embed: async (texts, { signal } = {}) => {
      const vectors: number[][] = [];
      for (let start = 0; start < texts.length; start += AT_ONCE)
        vectors.push(...(await ask(texts.slice(start, start + AT_ONCE), signal)));
      return vectors;
    },
  };
}

function fail(error: Error): never {
  throw error;
}

function readVectors(text: string, count: number): number[][] | undefined {
  let data: unknown;
  try {
    data = (JSON.parse(text) as { data?: unknown } | null)?.data;
  } catch {
    return undefined;
  }
  if (!Array.isArray(data) || data.length !== count) return undefined;
  const vectors = data
    .toSorted((one, other) => indexOf(one) - indexOf(other))
    .map((entry: { embedding?: unknown } | null) => entry?.embedding);
  const length = Array.isArray(vectors[0]) ? vectors[0].length : 0;
  const isVector = (vector: unknown): vector is number[] =>
    Array.isArray(vector) && vector.length === length && length > 0 && vector.every(Number.isFinite);
  return vectors.every(isVector) ? vectors : undefined;
}

function indexOf(entry: unknown): number {
  const index = (entry as { index?: unknown } | null)?.index;
  return typeof index === "number" ? index : 0;
}
