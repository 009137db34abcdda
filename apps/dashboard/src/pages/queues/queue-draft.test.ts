import { expect, it } from "vitest";
import type { AnnotationQueue } from "../../api/types.ts";
import { draftOf, filterOf, NEW_QUEUE } from "./queue-draft.ts";

it("is a filter again, with what the form does not show kept", () => {
  const filter: AnnotationQueue["filter"] = {
    exampleTypes: ["failure"],
    taskTypes: ["filing"],
    sourceTypes: ["user_feedback"],
    domains: ["tax", "law"],
    tags: ["vat"],
    maxConfidence: 0.07,
  };
  const queue = { filter, name: "Tax", overlap: 2, goldShare: 0.29, ordering: "age", guidelines: null };
  const draft = draftOf(queue as unknown as AnnotationQueue);
  expect(draft).toMatchObject({ domains: "tax, law", maxConfidence: "7", goldShare: "29", guidelines: "" });
  expect(filterOf(draft, filter)).toEqual(filter);
  expect(
    filterOf({ ...draft, domains: " , ", tags: "", exampleTypes: [], maxConfidence: "" }, filter),
  ).toEqual({
    taskTypes: ["filing"],
    sourceTypes: ["user_feedback"],
  });
  expect(filterOf(NEW_QUEUE)).toEqual({});
});
