import { describe, expect, it } from "vitest";
import { planReading } from "./plan-reading.ts";

const term = (name: string, holders: number) => ({ term: name, gain: 1, holders });
const names = (terms: readonly { term: string }[]): string => terms.map((one) => one.term).join("");

describe("planReading", () => {
  it("reads everything where there is room, and no term that is nowhere", () => {
    const { read, lookUp } = planReading([term("a", 50), term("b", 0), term("c", 20)], 100);
    expect([names(read), names(lookUp)]).toEqual(["ca", ""]);
  });

  it("reads the rarest first and looks the frequent ones up", () => {
    const { read, lookUp } = planReading([term("a", 900), term("b", 40), term("c", 70), term("d", 10)], 100);
    expect([names(read), names(lookUp)]).toEqual(["db", "ca"]);
  });

  it("reads the rarest whatever it is: somebody asked for it", () => {
    expect(planReading([term("a", 900), term("b", 800)], 100)).toEqual({
      read: [term("b", 800)],
      lookUp: [term("a", 900)],
    });
    expect(planReading([])).toEqual({ read: [], lookUp: [] });
  });
});
