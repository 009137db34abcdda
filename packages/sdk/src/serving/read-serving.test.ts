import { servingConfiguration } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { readServing, UnreadableServing } from "./read-serving.ts";
import { AGENT_ID, V1, V2, wireExperiment, wireServing, wireVersion } from "./serving.testing.ts";

const expected = { agentId: "my-agent", environment: "production" };
const read = (value: unknown): ReturnType<typeof readServing> => readServing(value, expected);

describe("readServing", () => {
  it("translates what the contract describes", () => {
    const wire = wireServing({ split: wireExperiment() });
    expect(servingConfiguration.safeParse(wire).success).toBe(true);
    const serving = read(wire);
    expect(serving).toMatchObject({
      agentId: AGENT_ID,
      slug: "my-agent",
      revision: 7,
      defaultVersionId: V1,
      settings: {
        learningEnabled: true,
        feedbackCollection: { autoCollect: true, minRatingForPositive: 4, collectCorrections: true },
      },
      splits: [{ kind: "experiment", seed: "seed-1", hash: "murmur3", slot: null, share: 0.5 }],
    });
    expect(serving.splits[0]?.arms[1]).toEqual({ name: "treatment", versionId: V2, start: 0.5, end: 1 });
    expect(serving.versions.get(V2)).toEqual({
      id: V2,
      number: 2,
      contentHash: "hash-2",
      config: {
        runtime: "demonstrations",
        components: { system_prompt: "prompt 2" },
        demonstrations: [{ input: "in", output: "out", exampleId: "e1" }],
        playbook: [{ id: "r1", text: "be exact", evidenceIds: ["e1"], helpful: 2, harmful: 0 }],
        retrieval: { top_k: 4 },
        model: { name: "m", some_option: 1 },
        adapter: null,
        parameters: { temperature: 0 },
      },
    });
  });

  it("takes the one split of a server that knows no more", () => {
    const { splits: _none, ...older } = wireServing({ split: wireExperiment() });
    expect(read(older).splits).toHaveLength(1);
    expect(read({ ...older, split: null }).splits).toEqual([]);
  });

  it("takes the agent's UUID for its slug, in any case", () => {
    expect(readServing(wireServing(), { ...expected, agentId: AGENT_ID.toUpperCase() }).slug).toBe(
      "my-agent",
    );
  });

  it("takes nothing in service", () => {
    expect(read(wireServing({ default_version_id: null, versions: {} })).defaultVersionId).toBeNull();
  });

  const experiment = wireExperiment();
  const badVersion = (change: object): object => ({
    versions: { [V1]: { ...wireVersion(V1, 1), ...change } },
  });
  const badConfig = (change: object): object =>
    badVersion({ config: { ...wireVersion(V1, 1).config, ...change } });
  const badSplit = (change: object): object => ({ ...wireServing(), splits: [{ ...experiment, ...change }] });
  const badArm = (change: object): object => badSplit({ arms: [{ ...experiment.arms[0], ...change }] });
  it.each<[string, unknown]>([
    ["null", null],
    ["a list", []],
    ["nothing", {}],
    ["another agent's", wireServing({ slug: "other" })],
    ["another environment's", wireServing({ environment: "staging" })],
    ["a default version that is not there", wireServing({ default_version_id: AGENT_ID })],
    ["no versions", { ...wireServing(), versions: null }],
    ["no settings", { ...wireServing(), config: {} }],
    ["settings of another kind", { ...wireServing(), config: { feedback_collection: { a: 1 } } }],
    ["a revision of text", { ...wireServing(), revision: "7" }],
    ["a version under another's id", { ...wireServing(), ...badVersion({ id: V2 }) }],
    ["a version without config", { ...wireServing(), ...badVersion({ config: null }) }],
    ["a number for a prompt", { ...wireServing(), ...badConfig({ components: { system_prompt: 1 } }) }],
    [
      "a demonstration without output",
      { ...wireServing(), ...badConfig({ demonstrations: [{ input: "" }] }) },
    ],
    ["a playbook of texts", { ...wireServing(), ...badConfig({ playbook: ["x"] }) }],
    ["a model without name", { ...wireServing(), ...badConfig({ model: {} }) }],
    ["an adapter of text", { ...wireServing(), ...badConfig({ adapter: "x" }) }],
    ["parameters of text", { ...wireServing(), ...badConfig({ parameters: "x" }) }],
    ["a split of another kind", badSplit({ kind: "coin" })],
    ["a split by an unknown hash", badSplit({ hash: "md5" })],
    ["a split with half a slot", badSplit({ slot: { seed: "s", start: 0 } })],
    ["splits that are no list", { ...wireServing(), splits: {} }],
    ["a split without arms", badSplit({ arms: null })],
    ["an arm without its version", badArm({ version_id: AGENT_ID })],
    ["an arm beyond 1", badArm({ end: 1.5 })],
    ["an arm of text", badArm({ start: "0" })],
  ])("refuses %s", (_what, value) => {
    expect(() => read(value)).toThrow(UnreadableServing);
  });
});
