import { expect, test } from "vitest";
import { boundedPerActor, latestPerActor } from "./latest-per-actor.ts";

const said = (actor: string, at: number) => ({ actor, at });

test("the latest of each actor stay, in their order", () => {
  const list = [said("a", 1), said("b", 2), said("a", 3), said("a", 4)];
  expect(latestPerActor(list, 2).map(({ at }) => at)).toEqual([2, 3, 4]);
  expect(latestPerActor(list, 0)).toEqual([]);
});

test("one person decides at most a tenth, and nobody is denied ten", () => {
  const others = Array.from({ length: 150 }, (_, at) => said(`person ${at}`, at));
  const flood = Array.from({ length: 150 }, (_, at) => said("flood", at));
  expect(boundedPerActor([...others, ...flood]).filter(({ actor }) => actor === "flood")).toHaveLength(30);
  expect(boundedPerActor(flood.slice(0, 20))).toHaveLength(10);
});
