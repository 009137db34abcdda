import { QueryClient } from "@tanstack/react-query";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createLearningClient } from "../../client/learning-client.ts";
import { annotationAgreementQuery, queueListQuery } from "./annotators.ts";
import { trainingRunEstimateQuery } from "./fine-tuning.ts";
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

  it("read queues, agreement and estimates under names of our own", async () => {
    const answers: Record<string, unknown> = {
      "/api/learning/queues?agent_id=a": {
        data: [{ id: "q", gold_share: 0.05, filter: { example_types: ["failure"] } }],
        next_cursor: null,
      },
      "/api/learning/annotations/agreement?agent_id=a&queue_id=q": {
        decision: { krippendorff_alpha: 0.8, alpha_interval: [0.7, 0.9] },
      },
      "/api/learning/training-runs/by-id/r/estimate": { rows: { too_long: 2 }, preview: [{ messages: [] }] },
    };
    const fetch = vi.fn<Fetch>(async (url) => Response.json(answers[url as string]));
    const client = createLearningClient({ fetch });
    const list = queueListQuery(client, { agentId: "a" });
    expect(list.select?.((await queries.fetchInfiniteQuery(list as never)) as never)).toEqual([
      { id: "q", goldShare: 0.05, filter: { exampleTypes: ["failure"] } },
    ]);
    expect(await queries.fetchQuery(annotationAgreementQuery(client, "a", { queueId: "q" }))).toEqual({
      decision: { krippendorffAlpha: 0.8, alphaInterval: [0.7, 0.9] },
    });
    expect(await queries.fetchQuery(trainingRunEstimateQuery(client, "r"))).toEqual({
      rows: { tooLong: 2 },
      preview: [{ messages: [] }],
    });
  });
});
