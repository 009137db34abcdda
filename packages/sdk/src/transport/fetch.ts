export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  redirect: "error";
  keepalive?: boolean;
}

interface BodyReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body?: { getReader(): BodyReader } | null;
  text(): Promise<string>;
}

/** What the SDK needs of `fetch`; the platform's own fits. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;
