import { describe, expect, it } from "vitest";
import type { AgentVersion, ServingConfiguration } from "../serving/types.ts";
import { readServing } from "../serving/read-serving.ts";
import { V1, V2, wireServing, wireVersion } from "../serving/serving.testing.ts";
import { changedFlags, findFlag, isEqualJson, isStaticFlag } from "./find-flag.ts";

type Parameters = Record<string, string | number | boolean | null | object>;

function configurationOf(...parameters: Parameters[]): ServingConfiguration {
  const versions = parameters.map((own, i) => {
    const version = wireVersion([V1, V2][i] ?? V1, i + 1);
    return [version.id, { ...version, config: { ...version.config, parameters: own as never } }] as const;
  });
  const serving = wireServing({ versions: Object.fromEntries(versions) });
  return readServing(serving, { agentId: "my-agent", environment: "production" });
}

const versionOf = (parameters: Parameters): AgentVersion =>
  configurationOf(parameters).versions.get(V1) as AgentVersion;

describe("findFlag", () => {
  const version = versionOf({
    plain: 7,
    nothing: null,
    list: [1, 2],
    named: { variant: "warm", value: 0.9, metadata: { why: "tone", since: 3, deep: {} } },
    "named-false": { variant: "off", value: false },
    record: { variant: "warm", value: 0.9, other: 1 },
    "components.system_prompt": "a parameter of that name",
  });
  it.each<[string, unknown]>([
    ["plain", { value: 7, variant: undefined, metadata: {} }],
    ["list", { value: [1, 2], variant: undefined, metadata: {} }],
    ["named", { value: 0.9, variant: "warm", metadata: { why: "tone", since: 3 } }],
    ["named-false", { value: false, variant: "off", metadata: {} }],
    ["record", { value: { variant: "warm", value: 0.9, other: 1 }, variant: undefined, metadata: {} }],
    ["components.system_prompt", { value: "a parameter of that name", variant: undefined, metadata: {} }],
    ["retrieval.top_k", { value: 4, variant: undefined, metadata: {} }],
    ["model.name", { value: "m", variant: undefined, metadata: {} }],
    ["nothing", undefined],
    ["missing", undefined],
    ["components", undefined],
    ["components.missing", undefined],
    ["adapter.name", undefined],
    ["constructor.name", undefined],
    ["components.constructor", undefined],
    ["", undefined],
  ])("%s", (key, flag) => {
    expect(findFlag(version, "my-agent", key)).toEqual(flag);
  });

  it("is the whole configuration under the agent's slug", () => {
    expect(findFlag(version, "my-agent", "my-agent")?.value).toBe(version.config);
  });
});

describe("isStaticFlag", () => {
  const two = configurationOf(
    { same: { a: [1, { b: 2 }], c: 3 }, different: 1, gone: 1 },
    { same: { c: 3, a: [1, { b: 2 }] }, different: 2 },
  );
  it.each([
    ["same", true],
    ["different", false],
    ["gone", false],
    ["in neither", true],
    ["retrieval.top_k", true],
    ["my-agent", false],
  ])("%s: %s", (key, isStatic) => {
    expect(isStaticFlag(two, key)).toBe(isStatic);
    expect(isStaticFlag(configurationOf({}), key)).toBe(true);
  });
});

describe("changedFlags", () => {
  it("names what differs, from before and after", () => {
    const before = configurationOf({ kept: 1, changed: 1, gone: 1 });
    const after = configurationOf({ kept: 1, changed: 2, come: 1 });
    expect(changedFlags(before, after).toSorted()).toEqual(["changed", "come", "gone", "my-agent"]);
    expect(changedFlags(before, configurationOf({ kept: 1, changed: 1, gone: 1 }))).toEqual([]);
    expect(changedFlags(null, after)).toContain("kept");
  });
});

it.each<[unknown, unknown, boolean]>([
  [1, 1, true],
  [1, "1", false],
  [null, null, true],
  [null, {}, false],
  [[1, 2], [1, 2], true],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  [{ a: 1, b: { c: [] } }, { b: { c: [] }, a: 1 }, true],
  [{ a: 1 }, { a: 1, b: undefined }, false],
])("isEqualJson(%j, %j) is %s", (a, b, equal) => {
  expect([isEqualJson(a, b), isEqualJson(b, a)]).toEqual([equal, equal]);
});
