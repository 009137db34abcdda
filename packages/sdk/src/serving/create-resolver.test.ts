import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAssignmentMemory } from "./assignment-memory.ts";
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

  // GrowthBook's published vectors: ("seed", "a") .0505, ("seed", "b") .2696.
  it("assigns by GrowthBook's hash where the split asks for it", () => {
    const at = (seed: string, unit: string, start: number): string | undefined =>
      resolver({
        split: {
          ...wireExperiment(),
          seed,
          hash: "growthbook-v2",
          arms: [{ name: "treatment", version_id: V2, start, end: start + 0.0001 }],
        },
      })(unit).split?.arm;
    expect(at("seed", "a", 0.0505)).toBe("treatment");
    expect(at("seed", "b", 0.2696)).toBe("treatment");
    expect(at("foo", "def", 0.2019)).toBe("treatment");
    expect(at("seed", "a", 0.0506)).toBeUndefined();
  });

  it("puts a unit in one split of an exclusion group at most, each with both arms in its slot", () => {
    const slot = (start: number, end: number) => ({ seed: "exclusion-group/g", start, end });
    const splits = [
      { ...wireExperiment(), id: "e1", seed: "one", slot: slot(0, 0.4) },
      { ...wireExperiment(), id: "e2", seed: "two", slot: slot(0.4, 0.7) },
    ];
    const [both, one, two] = [splits, splits.slice(0, 1), splits.slice(1)].map((some) =>
      resolver({ splits: some }),
    ) as [Resolver, Resolver, Resolver];
    const counts: Record<string, number> = {};
    for (let i = 0; i < 20_000; i += 1) {
      const unit = `unit-${i}`;
      const [a, b] = [one(unit).split, two(unit).split];
      expect(a === null || b === null).toBe(true);
      expect(both(unit).split).toEqual(a ?? b);
      const key = both(unit).split === null ? "none" : `${both(unit).split?.id} ${both(unit).split?.arm}`;
      counts[key] = (counts[key] ?? 0) + 1;
      const place = referencePosition(`exclusion-group/g:${unit}`);
      expect(a !== null).toBe(place < 0.4);
    }
    expect(counts["none"]).toBeCloseTo(6000, -3);
    for (const key of ["e1 control", "e1 treatment"]) expect((counts[key] ?? 0) / 4000).toBeCloseTo(1, 1);
    for (const key of ["e2 control", "e2 treatment"]) expect((counts[key] ?? 0) / 3000).toBeCloseTo(1, 1);
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

describe("a split whose shares move", () => {
  const arms = (end: number, change: object = {}): Parameters<typeof wireServing>[0] => ({
    split: {
      ...wireExperiment(),
      arms: [
        { name: "control", version_id: V1, start: 0, end },
        { name: "treatment", version_id: V2, start: end, end: 1 },
      ],
      ...change,
    },
  });
  const units = Array.from({ length: 2000 }, (_, n) => `unit-${n}`);
  const armsOf = (resolve: Resolver, of: readonly string[]) => of.map((unit) => resolve(unit).split?.arm);
  const shareOf = (names: readonly unknown[]): number =>
    names.filter((name) => name === "control").length / names.length;

  it("keeps units where they were first, and gives new ones their arm by the new shares", () => {
    const memory = createAssignmentMemory();
    const serve = (change: Parameters<typeof wireServing>[0]): Resolver =>
      createResolver(readServing(wireServing(change), expected), memory);
    const [known, fresh] = [units.slice(0, 1000), units.slice(1000)];
    const before = armsOf(serve(arms(0.5, { sticky: true })), known);
    const moved = serve(arms(0.1, { sticky: true, stage: 1 }));
    expect(armsOf(moved, known)).toEqual(before);
    expect(shareOf(before)).toBeCloseTo(0.5, 1);
    expect(shareOf(armsOf(moved, fresh))).toBeCloseTo(0.1, 1);
    // Fixed shares move nobody, so that nothing is remembered.
    expect(armsOf(serve(arms(0.1)), known)).not.toEqual(before);
  });

  it("lets nobody stay in an arm that was closed", () => {
    const memory = createAssignmentMemory();
    memory.set(EXPERIMENT, "u", "bold");
    const resolve = createResolver(readServing(wireServing(arms(1, { sticky: true })), expected), memory);
    expect(resolve("u").split?.arm).toBe("control");
    expect(memory.get(EXPERIMENT, "u")).toBe("control");
  });
});
