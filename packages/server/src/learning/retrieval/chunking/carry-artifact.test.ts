import { IDENTITY_RETRIEVAL } from "@agent-learning/learning";
import { expect, test } from "vitest";
import { carryArtifact, chunksOf } from "./carry-artifact.ts";

test("what was learned goes to the chunk that stands in the place, and what has none is counted", () => {
  const artifact = {
    ...IDENTITY_RETRIEVAL,
    memory: [
      { query: "a", chunk: "old-1", actor: "1" },
      { query: "b", chunk: "gone", actor: "2" },
    ],
    relevance: { "old-1": 0.5, "old-2": -1.5, gone: 2 },
  };
  expect(chunksOf(artifact)).toEqual(["old-1", "gone", "old-2"]);
  const successors = new Map([
    ["old-1", "new"],
    ["old-2", "new"],
  ]);
  expect(carryArtifact(artifact, successors)).toEqual({
    artifact: {
      ...artifact,
      memory: [{ query: "a", chunk: "new", actor: "1" }],
      relevance: { new: -1.5 },
    },
    carried: { remembered: 1, relevance: 1, left: 2 },
  });
});
