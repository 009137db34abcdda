import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createResolver, resolveNothing, type Resolver } from "./create-resolver.ts";
import { readServing } from "./read-serving.ts";
import { EXPERIMENT, V1, V2, wireExperiment, wireServing } from "./serving.testing.ts";

const expected = { agentId: "my-agent", environment: "production" };
const resolver = (change: Parameters<typeof wireServing>[0]): Resolver =>
  createResolver(readServing(wireServing(change), expected));

/** MurmurHash3_x86_32 written anew from Appleby's description, over the bytes: what the SDK's must agree with. */
function referencePosition(text: string): number {
  const bytes = Buffer.from(text, "utf8");
  const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
  let h = 0;
  const tail = bytes.length - (bytes.length % 4);
  const mix = (k: number): number => Math.imul(rotate(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);
  for (let i = 0; i < tail; i += 4) {
    h = (Math.imul(rotate(h ^ mix(bytes.readInt32LE(i)), 13), 5) + 0xe6546b64) | 0;
  }
  let k = 0;
  for (let i = bytes.length - 1; i >= tail; i -= 1) k = (k << 8) | (bytes[i] ?? 0);
  h ^= mix(k) ^ bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

describe("createResolver", () => {
  it("gives the default version while no split is running", () => {
    expect(resolver({})("user-1")).toMatchObject({
      versionId: V1,
      version: { number: 1, config: { components: { system_prompt: "prompt 1" } } },
      split: null,
      reason: "default",
    });
  });

  it("says so when nothing is in service", () => {
    expect(resolver({ default_version_id: null, versions: {} })("u")).toEqual({
      versionId: null,
      version: null,
      split: null,
      reason: "nothing_in_service",
    });
    expect(resolveNothing("u").reason).toBe("not_configured");
  });

  it("assigns by the published hash of seed and unit", () => {
    const resolve = resolver({ split: wireExperiment() });
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), (unit) => {
        const arm = referencePosition(`seed-1:${unit}`) < 0.5 ? "control" : "treatment";
        expect(resolve(unit)).toMatchObject({
          versionId: arm === "control" ? V1 : V2,
          split: { kind: "experiment", id: EXPERIMENT, arm },
          reason: "split",
        });
      }),
      { seed: 7 },
    );
  });

  it("leaves units outside the arms with the default version and no split, and moves none when the share grows", () => {
    const rollout = (share: number): Resolver =>
      resolver({
        split: {
          ...wireExperiment(),
          kind: "rollout",
          share,
          arms: [
            { name: "candidate", version_id: V2, start: 0, end: share },
            { name: "control", version_id: V1, start: 1 - Math.min(share, 1 - share), end: 1 },
          ],
        },
      });
    const [five, quarter, all] = [rollout(0.05), rollout(0.25), rollout(1)];
    const count = { candidate: 0, control: 0, outside: 0 };
    for (let i = 0; i < 20_000; i += 1) {
      const unit = `unit-${i}`;
      const first = five(unit);
      const arm = first.split?.arm as "candidate" | "control" | undefined;
      count[arm ?? "outside"] += 1;
      const expected = arm === "candidate" ? V2 : V1;
      expect([first.versionId, first.reason]).toEqual([expected, arm === undefined ? "default" : "split"]);
      expect(quarter(unit).split?.arm).toBe(arm ?? quarter(unit).split?.arm);
      expect(all(unit).versionId).toBe(V2);
    }
    expect(count.candidate / 20_000).toBeCloseTo(0.05, 2);
    expect(count.control / 20_000).toBeCloseTo(0.05, 2);
  });

  it("keeps what cannot be recorded out of every arm", () => {
    const resolve = resolver({ split: wireExperiment() });
    const strange: unknown[] = [undefined, null, 7, {}, "", "x".repeat(201), Symbol("s")];
    for (const unit of strange) {
      expect(resolve(unit as string)).toMatchObject({ versionId: V1, split: null, reason: "invalid_unit" });
    }
    expect(resolve("x".repeat(200)).reason).toBe("split");
    expect(resolver({})("").reason).toBe("invalid_unit");
  });

  it("answers with frozen objects that it shares", () => {
    const resolve = resolver({ split: wireExperiment() });
    const resolution = resolve("user-1");
    expect(resolve("user-1")).toBe(resolution);
    const components = resolution.version?.config.components ?? {};
    expect(() => {
      components["system_prompt"] = "hacked";
    }).toThrow(TypeError);
  });
});
