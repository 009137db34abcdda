import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { Readable } from "node:stream";
import type { Fetch } from "../transport/fetch.ts";

const BODILESS = new Set([204, 205, 304]);

function toResponse(incoming: IncomingMessage): Response {
  const status = incoming.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  if (BODILESS.has(status)) incoming.resume();
  const body = BODILESS.has(status) ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>);
  return new Response(body, { status, headers });
}

/**
 * `fetch` whose requests do not keep the process alive: an agent that has done its work must be able to end while a long
 * poll is open. The platform's own `fetch` holds the process until the answer comes. Redirects are answers here, not
 * followed.
 */
export const unreferencedFetch: Fetch = (url, { method, headers, body, signal }) =>
  new Promise((resolve, reject) => {
    const request = url.startsWith("https:") ? requestHttps : requestHttp;
    const outgoing = request(url, { method, headers, signal }, (incoming) => {
      try {
        resolve(toResponse(incoming));
      } catch (error) {
        // A status or header that is none.
        incoming.destroy();
        reject(error as Error);
      }
    });
    outgoing.on("socket", (socket) => socket.unref());
    outgoing.on("error", reject);
    outgoing.end(body);
  });
