import { describe, expect, it } from "vitest";
import { type LearningOptions, settleOptions } from "./options.ts";

const base: LearningOptions = { baseUrl: "http://127.0.0.1:8000/", key: "als_sk_x", agentId: "my-agent" };

// As the guide prints it.
const agentConfig = {
  agentId: "my-agent",
  learningEnabled: true,
  feedbackCollection: {
    autoCollect: true,
    minRatingForPositive: 4,
    collectCorrections: true,
  },
};

describe("settleOptions", () => {
  it("fills in what is absent", () => {
    expect(settleOptions(base)).toEqual({
      baseUrl: "http://127.0.0.1:8000",
      agentId: "my-agent",
      environment: "production",
      settings: { learningEnabled: undefined, feedbackCollection: undefined },
      ensureAgent: false,
      refresh: true,
      flushOnExit: false,
      flushIntervalMilliseconds: 1_000,
      requestTimeoutMilliseconds: 10_000,
      maxQueueItems: 10_000,
      maxQueueBytes: 16_777_216,
      maxAgeMilliseconds: 604_800_000,
    });
  });

  it("takes the guide's agentConfig, spread or whole", () => {
    const { baseUrl, key } = base;
    const spread = settleOptions({ baseUrl, key, ...agentConfig });
    expect(spread).toEqual(settleOptions({ baseUrl, key, agentConfig }));
    expect(spread).toMatchObject({
      agentId: "my-agent",
      ensureAgent: true,
      settings: { learningEnabled: true, feedbackCollection: { minRatingForPositive: 4 } },
    });
    expect(settleOptions({ baseUrl, key, agentConfig, ensureAgent: false }).ensureAgent).toBe(false);
  });

  it.each(["als_pk_x", "als_ft_x"])("asks nothing with %s, which may only write", (key) => {
    expect(settleOptions({ ...base, ...agentConfig, key })).toMatchObject({
      refresh: false,
      ensureAgent: false,
    });
    expect(settleOptions({ ...base, key, refresh: true }).refresh).toBe(true);
  });

  it("keeps the path of a server below one, and takes a function for a key", () => {
    expect(settleOptions({ ...base, baseUrl: "https://x.test/learning//" }).baseUrl).toBe(
      "https://x.test/learning",
    );
    expect(settleOptions({ ...base, key: async () => "k" }).refresh).toBe(true);
  });

  it.each<[string, object]>([
    ["baseUrl", { baseUrl: undefined }],
    ["baseUrl", { baseUrl: "localhost" }],
    ["baseUrl", { baseUrl: "ftp://x" }],
    ["baseUrl", { baseUrl: "http://user:password@x" }],
    ["key", { key: undefined }],
    ["key", { key: "" }],
    ["key", { key: "two\nlines" }],
    ["agentId", { agentId: undefined }],
    ["agentId", { agentId: "../../etc" }],
    ["agentId", { agentId: "a".repeat(101) }],
    ["environment", { environment: "test" }],
    ["maxQueueItems", { maxQueueItems: 0 }],
    ["maxQueueBytes", { maxQueueBytes: Number.NaN }],
    ["maxAgeMilliseconds", { maxAgeMilliseconds: "1" }],
    ["flushIntervalMilliseconds", { flushIntervalMilliseconds: -1 }],
    ["requestTimeoutMilliseconds", { requestTimeoutMilliseconds: -5 }],
  ])("names %s when it cannot be used: %j", (name, change) => {
    expect(() => settleOptions({ ...base, ...change } as LearningOptions)).toThrow(
      new RegExp(`^createLearning: ${name} `),
    );
  });
});
