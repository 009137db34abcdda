import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketOf, chooseSalt, splitAt } from "./split-bucket.ts";

const SHARES = { train: 0.8, validation: 0.1, test: 0.1 };

describe("bucketOf", () => {
  it("is the first 48 bits of SHA-256 of salt, line feed, group", () => {
    // printf 'salt\ngroup' | sha256sum
    expect(bucketOf("salt", "group")).toBe(0x8846c6f79ca5 / 2 ** 48);
  });

  it("spreads groups evenly", () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (let index = 0; index < 10_000; index += 1) {
      const tenth = Math.floor(bucketOf("salt", `group ${index}`) * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    // Standard deviation 30 around 1,000.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe("splitAt", () => {
  it("gives each split its share of the line", () => {
    expect([0, 0.0999, 0.1, 0.1999, 0.2, 0.9999].map((bucket) => splitAt(bucket, SHARES))).toEqual([
      "test",
      "test",
      "validation",
      "validation",
      "train",
      "train",
    ]);
  });

  it("gives nothing to a split without a share", () => {
    expect(splitAt(0, { train: 1, validation: 0, test: 0 })).toBe("train");
  });
});

describe("chooseSalt", () => {
  it("comes near the shares even with few examples", () => {
    for (const size of [20, 30, 50]) {
      const groups = Array.from({ length: size }, (_, index) => ({ group: `g${index}`, size: 1 }));
      const salt = chooseSalt("agent", groups, SHARES);
      const test = groups.filter(({ group }) => splitAt(bucketOf(salt, group), SHARES) === "test").length;
      expect(Math.abs(test / size - 0.1)).toBeLessThanOrEqual(0.05);
    }
  });

  it("counts examples, not groups", () => {
    const groups = [
      { group: "large", size: 80 },
      ...Array.from({ length: 20 }, (_, n) => ({ group: `${n}`, size: 1 })),
    ];
    expect(splitAt(bucketOf(chooseSalt("agent", groups, SHARES), "large"), SHARES)).toBe("train");
  });

  it("is the same every time", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.record({ group: fc.string(), size: fc.nat(9) })),
        (base, groups) => {
          expect(chooseSalt(base, groups, SHARES)).toBe(chooseSalt(base, groups, SHARES));
        },
      ),
    );
  });
});
