export type { JsonValue } from "./json.ts";
