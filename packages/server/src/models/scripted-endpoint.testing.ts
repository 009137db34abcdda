import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

export interface RecordedRequest {
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
  /** Milliseconds of a monotonic clock. */
  at: number;
}

/** What the endpoint does with one request. */
export type Reply = (response: ServerResponse) => void | Promise<void>;

export interface ScriptedEndpoint {
  url: string;
  requests: RecordedRequest[];
  /** Replies in order; the last one is repeated. */
  script(...replies: Reply[]): void;
  close(): Promise<void>;
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}

export function raw(status: number, contentType: string, body: string): Reply {
  return (response) => {
    response.writeHead(status, { "content-type": contentType }).end(body);
  };
}

export function completion(content: string | null, rest: Record<string, unknown> = {}): Reply {
  return json(200, {
    id: "1",
    object: "chat.completion",
    created: 1,
    model: "small",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    ...rest,
  });
}

/** Never answers. */
export const hang: Reply = () => undefined;

/** Sends the head and the beginning of a body, and nothing more. */
export const stall: Reply = (response) => {
  response.writeHead(200, { "content-type": "application/json" }).write('{"id":');
};

export function after(milliseconds: number, reply: Reply): Reply {
  return async (response) => {
    await wait(milliseconds);
    await reply(response);
  };
}

/** A chat completions endpoint on 127.0.0.1 that replies as it is told. */
export async function startScriptedEndpoint(): Promise<ScriptedEndpoint> {
  const requests: RecordedRequest[] = [];
  let replies: Reply[] = [];
  const server = createServer((request, response) => {
    const at = performance.now();
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (text += part));
    request.on("end", () => {
      const body = JSON.parse(text) as Record<string, unknown>;
      requests.push({ path: request.url, headers: request.headers, body, at });
      const reply = replies.length > 1 ? replies.shift() : replies[0];
      void reply?.(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    script: (...next) => {
      requests.length = 0;
      replies = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
