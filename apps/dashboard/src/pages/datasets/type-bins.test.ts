import { expect, it } from "vitest";
import type { DatasetDetail } from "../../api/types.ts";
import { typeBins } from "./type-bins.ts";

it("counts each type that there is and leads to its rows", () => {
  const counts = {
    positive: 12,
    negative: 0,
    correction: 0,
    demonstration: 0,
    edge_case: 3,
    failure: 0,
    preference: 0,
  };
  const card = { counts } as DatasetDetail["card"];
  expect(typeBins({ id: "d1", card })).toEqual([
    { name: "Positive", value: 12, to: { to: "/examples", search: { dataset: "d1", type: "positive" } } },
    { name: "Edge case", value: 3, to: { to: "/examples", search: { dataset: "d1", type: "edge_case" } } },
  ]);
  expect(typeBins({ id: "d1", card: { ...card, counts: { ...counts, positive: 0, edge_case: 0 } } })).toEqual(
    [],
  );
});
