import type { ExampleType } from "../../api/types.ts";

/** Every type of example, for filters. */
export const EXAMPLE_TYPES: readonly ExampleType[] = [
  "positive",
  "negative",
  "correction",
  "demonstration",
  "edge_case",
  "failure",
  "preference",
];
