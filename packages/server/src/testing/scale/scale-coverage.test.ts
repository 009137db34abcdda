import { describe, expect, it } from "vitest";
import { listOperations } from "../api-operations.ts";
import { SCALE_CALLS } from "./scale-calls.ts";

// What a page is, not which rows: pages are followed for every list.
const PAGING = new Set(["limit", "cursor"]);
/** Query parameters that choose no rows. */
const NO_FILTERS = new Set(["getServing wait"]);

const operations = listOperations();
const questions = operations.filter(({ method, access }) => method === "GET" && access !== "public");
const askedWith = (operationId: string): Set<string> =>
  new Set(
    SCALE_CALLS.filter((call) => call.operationId === operationId).flatMap((call) => [
      ...new URL(call.path, "http://localhost").searchParams.keys(),
    ]),
  );

describe("SCALE_CALLS", () => {
  it("asks every question of the API", () => {
    const asked = new Set(SCALE_CALLS.map(({ operationId }) => operationId));
    const missing = questions.filter(({ operationId }) => !asked.has(operationId));
    expect(
      missing.map(({ operationId, path }) => `${operationId} (GET ${path})`),
      "These operations are in the API's description but not in testing/scale/scale-calls.ts, so nothing shows that an index reaches their rows. Add a call of each there, and rows for it to fill-database.ts.",
    ).toEqual([]);
  });

  it("tries every filter of every question", () => {
    const missing = questions.flatMap(({ operationId, queryParameters }) => {
      const asked = askedWith(operationId);
      return queryParameters
        .filter((name) => !PAGING.has(name) && !NO_FILTERS.has(`${operationId} ${name}`) && !asked.has(name))
        .map((name) => `${operationId} ?${name}=`);
    });
    expect(
      missing,
      "These filters are in the API's description but no call in testing/scale/scale-calls.ts uses them, so nothing shows that an index serves them. Add a variant with a value that few rows have.",
    ).toEqual([]);
  });

  it("names operations that exist", () => {
    const known = new Set(operations.map(({ operationId }) => operationId));
    expect(SCALE_CALLS.map(({ operationId }) => operationId).filter((id) => !known.has(id))).toEqual([]);
  });
});
