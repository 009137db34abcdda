import { isUuid } from "@agent-learning/contract";
import { expect, it } from "vitest";
import { retrievalId } from "./retrieval-id.ts";

it("is the same UUIDv8 for the same retrieval, another for another", () => {
  const id = retrievalId("agent", "execution", "query");
  expect(isUuid(id)).toBe(true);
  expect(id[14]).toBe("8");
  expect("89ab").toContain(id[19]);
  expect(retrievalId("agent", "execution", "query")).toBe(id);
  const others = [
    retrievalId("other", "execution", "query"),
    retrievalId("agent", "other", "query"),
    retrievalId("agent", "execution", "other"),
    retrievalId("agent", "executionq", "uery"),
  ];
  expect(new Set([id, ...others]).size).toBe(5);
});
