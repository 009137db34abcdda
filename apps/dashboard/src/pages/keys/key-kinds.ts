import type { ApiKey } from "../../api/types.ts";

/** What a key is for. */
export const KEY_KINDS: Record<ApiKey["kind"], string> = {
  user: "A person’s",
  secret: "Secret: agents and servers",
  publishable: "Publishable: browsers",
};
