import { createLearningClient } from "@agent-learning/react/query";
import type { Identity } from "../api/types.ts";
import { setServerTime } from "./server-clock.ts";

/** Asks whose key it is, and sets the page's clock by the answer. */
export async function readIdentity(key: string): Promise<Identity> {
  const identity = (await createLearningClient({ apiKey: key }).request("GET", "/me")) as Identity;
  setServerTime(identity.now);
  return identity;
}
