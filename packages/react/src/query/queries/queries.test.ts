import { QueryClient } from "@tanstack/react-query";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createLearningClient } from "../../client/learning-client.ts";
import { experimentListQuery } from "./learning.ts";
import { learningStatsQuery } from "./statistics.ts";

type Fetch = typeof globalThis.fetch;
const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
afterEach(() => queries.clear());

describe("queries", () => {
  it("can be fetched ahead, outside React, and are found again under their key", async () => {
    const fetch = vi.fn<Fetch>(async () => Response.json({ total_examples: 5 }));
    const query = learningStatsQuery(createLearningClient({ fetch }), { agentId: "a", days: undefined });
    await queries.ensureQueryData(query);
    await queries.ensureQueryData(query);
    expect(fetch).toHaveBeenCalledOnce();
    expect(queries.getQueryData(query.queryKey)).toEqual({ totalExamples: 5 });
    expect(query.queryKey).toEqual(["agent-learning", "stats", "/stats", { agentId: "a" }]);
  });

  it("read lists page by page", async () => {
    const pages = [
      { data: [{ id: "1", primary_metric: "satisfaction" }], next_cursor: "c2" },
      { data: [{ id: "2", primary_metric: "error_rate" }], next_cursor: null },
    ];
    const fetch = vi.fn<Fetch>(async (url) =>
      Response.json(pages[typeof url === "string" && url.includes("cursor=c2") ? 1 : 0]),
    );
    const query = experimentListQuery(createLearningClient({ fetch }), "a b", { status: "running" });
    const read = await queries.fetchInfiniteQuery({ ...query, pages: 2 } as never);
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([
      "/api/learning/experiments/a%20b?status=running",
      "/api/learning/experiments/a%20b?status=running&cursor=c2",
    ]);
    expect(query.select?.(read as never)).toEqual([
      { id: "1", primaryMetric: "satisfaction" },
      { id: "2", primaryMetric: "error_rate" },
    ]);
  });
});
