import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { Dispatcher } from "undici";
import { isPublicAddress } from "./is-public-address.ts";

/** The URL, or the address behind it, is not one that this server calls. */
export class OutgoingUrlError extends Error {
  override name = "OutgoingUrlError";
}

export interface OutgoingPolicy {
  /** For endpoints that the operator configured: loopback and private addresses are theirs to use. */
  allowPrivate: boolean;
  resolve?: typeof lookup;
}

/** @throws OutgoingUrlError for another scheme, credentials in the URL, or a literal address that is refused */
export function assertOutgoingUrl(url: URL, { allowPrivate }: OutgoingPolicy): void {
  if (url.protocol !== "https:" && !(allowPrivate && url.protocol === "http:")) {
    throw new OutgoingUrlError(`${url.protocol}// is not called: use https.`);
  }
  if (url.username !== "" || url.password !== "")
    throw new OutgoingUrlError("A URL with a user name or password is not called.");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !allowPrivate && !isPublicAddress(host)) {
    throw new OutgoingUrlError(`${host} is not a public address.`);
  }
}

// The check is made on the addresses that the socket will use, so that a name cannot be rebound between check and call.
function guardedLookup({ allowPrivate, resolve = lookup }: OutgoingPolicy): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, "", 0);
      const usable = allowPrivate ? addresses : addresses.filter(({ address }) => isPublicAddress(address));
      const first = usable[0];
      if (first === undefined || usable.length < addresses.length) {
        return callback(new OutgoingUrlError(`${hostname} has an address that is not public.`), "", 0);
      }
      return options.all === true ? callback(null, usable) : callback(null, first.address, first.family);
    });
  };
}

/**
 * `fetch` says of itself what browsers say (`Sec-Fetch-Mode`), and servers that guard against forged requests of browsers, as Ray's,
 * then refuse it.
 */
const withoutBrowserHeaders: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const { headers } = options;
  if (headers === null || typeof headers !== "object" || Symbol.iterator in headers)
    return dispatch(options, handler);
  const kept = Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith("sec-fetch-"));
  return dispatch({ ...options, headers: Object.fromEntries(kept) }, handler);
};

/**
 * `fetch` for every URL that this server calls: https only (http for the operator's own endpoints), no private, link-local or metadata
 * addresses however they are written or resolved, no redirects.
 */
export function createOutgoingFetch(policy: OutgoingPolicy): typeof globalThis.fetch {
  let dispatcher: Dispatcher | undefined;
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    assertOutgoingUrl(url, policy);
    // Loaded at the first call: most servers make none.
    const undici = await import("undici");
    dispatcher ??= new undici.Agent({ connect: { lookup: guardedLookup(policy), timeout: 10_000 } }).compose(
      withoutBrowserHeaders,
    );
    const response = await undici.fetch(url, { ...(init as object), redirect: "error", dispatcher });
    return response as unknown as Response;
  };
}
