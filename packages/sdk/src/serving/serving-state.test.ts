import { beforeEach, describe, expect, it } from "vitest";
import type { LearningError } from "../errors.ts";
import type { ConfigurationStore } from "./configuration-store.ts";
import { acceptServing, restoreServing, type ServingState } from "./serving-state.ts";
import { V1, V2, wireServing } from "./serving.testing.ts";

const scope = { baseUrl: "http://127.0.0.1:8000", agentId: "my-agent", environment: "production" };
let saved: string | undefined;
let errors: LearningError[];
const store: ConfigurationStore = { read: () => saved, write: (text) => void (saved = text) };
const restore = (other: Partial<typeof scope> = {}): ServingState =>
  restoreServing(store, { ...scope, ...other }, (error) => errors.push(error));

beforeEach(() => {
  saved = undefined;
  errors = [];
});

const accept = (state: ServingState, change: Parameters<typeof wireServing>[0] = {}): void =>
  acceptServing(state, { text: JSON.stringify(wireServing(change)), entityTag: '"7"', now: 5 }, store, scope);

describe("restoreServing", () => {
  it("knows nothing at first", () => {
    const state = restore();
    expect(state).toMatchObject({ configuration: null, entityTag: null, source: "none", confirmedAt: null });
    expect(state.resolver("u").reason).toBe("not_configured");
    expect(restoreServing(undefined, scope, () => undefined).source).toBe("none");
  });

  it("brings back what was accepted before", () => {
    accept(restore());
    const state = restore();
    expect(state).toMatchObject({ source: "cache", entityTag: '"7"', confirmedAt: 5 });
    expect(state.resolver("u").versionId).toBe(V1);
    expect(errors).toEqual([]);
  });

  it.each([
    ["half a file", '{"format":1,"base_url":"http://127.0.0.1:8000","serving":{"age'],
    ["nothing", ""],
    ["another format", '{"format":2}'],
    ["zeros", "\u0000\u0000\u0000"],
    ["a serving that is none", '{"format":1,"base_url":"http://127.0.0.1:8000","serving":{}}'],
  ])("ignores %s and says so", (_what, text) => {
    saved = text;
    expect(restore().source).toBe("none");
    expect(errors.map(({ kind }) => kind)).toEqual(["storage"]);
  });

  it("takes nothing of another server, agent or environment", () => {
    accept(restore());
    expect(restore({ baseUrl: "http://127.0.0.1:9000" }).source).toBe("none");
    expect(restore({ agentId: "other" }).source).toBe("none");
    expect(restore({ environment: "staging" }).source).toBe("none");
  });
});

describe("acceptServing", () => {
  it("replaces what was known", () => {
    const state = restore();
    accept(state);
    const before = state.resolver;
    accept(state, { default_version_id: V2, revision: 8 });
    expect(before("u").versionId).toBe(V1);
    expect(state.resolver("u").versionId).toBe(V2);
    expect(state).toMatchObject({ source: "server", configuration: { revision: 8 } });
  });

  it("keeps what was known when the answer is garbage", () => {
    const state = restore();
    accept(state);
    const disk = saved;
    for (const text of ["<html>", "", "null", '{"agent_id":1}']) {
      expect(() => acceptServing(state, { text, entityTag: null, now: 9 }, store, scope)).toThrow(
        "unreadable",
      );
    }
    expect(state.resolver("u").versionId).toBe(V1);
    expect(state).toMatchObject({ entityTag: '"7"', confirmedAt: 5 });
    expect(saved).toBe(disk);
  });
});
