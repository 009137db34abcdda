/** Longest part of an endpoint's own words that a message repeats. */
const LONGEST_DETAIL = 200;

export interface ModelEndpointFailure {
  /** Base URL of the endpoint; credentials and query are left out. */
  url: string;
  /** What it did, to follow the endpoint in a sentence: "answered 429". */
  problem: string;
  /** In the endpoint's own words. */
  detail?: string | undefined;
  status?: number | undefined;
  /** Texts that no message may contain. */
  secrets: readonly (string | undefined)[];
}

/**
 * A call to a language model's endpoint failed. The message names the endpoint and never contains a key. There is no
 * `cause`: the library's own errors carry the prompt and whatever the endpoint sent back, and causes end up in logs.
 */
export class ModelEndpointError extends Error {
  override name = "ModelEndpointError";
  readonly endpoint: string;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;

  constructor({ url, problem, detail, status, secrets }: ModelEndpointFailure) {
    const endpoint = withoutSecrets(nameEndpoint(url), secrets);
    const said = detail === undefined ? "" : shorten(withoutSecrets(detail, secrets));
    super(`The language model at ${endpoint} ${problem}${said === "" ? "." : `: ${said}`}`);
    this.endpoint = endpoint;
    this.status = status;
  }

  static isInstance(error: unknown): error is ModelEndpointError {
    return error instanceof Error && error.name === "ModelEndpointError";
  }
}

/** The URL without credentials and query. */
export function nameEndpoint(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/$/, "")}`;
}

/** The text with each secret replaced. */
export function withoutSecrets(text: string, secrets: readonly (string | undefined)[]): string {
  return secrets.reduce<string>(
    (clean, secret) => (secret === undefined || secret === "" ? clean : clean.replaceAll(secret, "[key]")),
    text,
  );
}

/** One line of bounded length. */
export function shorten(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length > LONGEST_DETAIL ? `${line.slice(0, LONGEST_DETAIL)}…` : line;
}
