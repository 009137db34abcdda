import { isObject } from "../json.ts";

/** What an answer other than a success says, in a sentence. */
export function reasonOf(status: number, body: unknown): string {
  const detail =
    isObject(body) && typeof body["detail"] === "string" ? `: ${body["detail"].slice(0, 500)}` : "";
  return `the server answered ${status}${detail}`;
}
