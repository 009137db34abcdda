import type { JsonValue } from "../json.ts";

/** Which artifact a version ranks by: `retrieval.ranking` of its config. Undefined: the store's order. */
export function artifactOf(retrieval: Readonly<Record<string, JsonValue>> | undefined): string | undefined {
  const ranking = retrieval?.["ranking"];
  if (typeof ranking !== "object" || ranking === null || Array.isArray(ranking)) return undefined;
  const id = ranking["artifact_id"];
  return typeof id === "string" && id !== "" ? id : undefined;
}
