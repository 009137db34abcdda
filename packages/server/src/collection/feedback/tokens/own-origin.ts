type Headers = Readonly<Record<string, string | string[] | undefined>>;

const COOKIE = "als_rater";
const DAYS = 180;

/** Where tokens come from: nothing else needs the cookie. */
export const BROWSER_TOKEN_PATH = "/api/learning/feedback-tokens/browser";

/**
 * True when a browser says that the page that asks is of this server's own origin. Scripts of other sites cannot say so;
 * whoever writes requests by hand can.
 */
export function isOwnOrigin(headers: Headers): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin";
  const { origin, host } = headers;
  if (typeof origin !== "string" || typeof host !== "string" || !URL.canParse(origin)) return false;
  return new URL(origin).host === host.toLowerCase();
}

/** The browser that asks: what its cookie says, or `proposed` for a new one, with the cookie that makes it known next time. */
export function recogniseBrowser(headers: Headers, proposed: string): { id: string; cookie: string } {
  const { cookie = "", origin = "" } = headers;
  const known = /(?:^|; )als_rater=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:;|$)/.exec(
    String(cookie),
  )?.[1];
  const id = known ?? proposed;
  const secure = String(origin).startsWith("https:") ? "; Secure" : "";
  return {
    id,
    cookie: `${COOKIE}=${id}; Path=${BROWSER_TOKEN_PATH}; Max-Age=${DAYS * 86_400}; HttpOnly; SameSite=Strict${secure}`,
  };
}
