import type { AnnotationQueue, ExampleType } from "../../api/types.ts";

/** A queue as a form holds it: lists as one line, shares in percent. */
export interface QueueDraft {
  name: string;
  exampleTypes: readonly ExampleType[];
  domains: string;
  tags: string;
  /** Percent; empty: does not restrict. */
  maxConfidence: string;
  overlap: string;
  ordering: AnnotationQueue["ordering"];
  goldShare: string;
  guidelines: string;
  isActive: boolean;
}

export const NEW_QUEUE: QueueDraft = {
  name: "",
  exampleTypes: [],
  domains: "",
  tags: "",
  maxConfidence: "",
  overlap: "1",
  ordering: "type",
  goldShare: "5",
  guidelines: "",
  isActive: true,
};

export function draftOf(queue: AnnotationQueue): QueueDraft {
  const { filter } = queue;
  return {
    name: queue.name,
    exampleTypes: filter.exampleTypes ?? [],
    domains: filter.domains?.join(", ") ?? "",
    tags: filter.tags?.join(", ") ?? "",
    maxConfidence: filter.maxConfidence === undefined ? "" : String(percentOf(filter.maxConfidence)),
    overlap: String(queue.overlap),
    ordering: queue.ordering,
    goldShare: String(percentOf(queue.goldShare)),
    guidelines: queue.guidelines ?? "",
    isActive: queue.isActive,
  };
}

/** The filter that the form asks for. What the form does not show of `before` stays as it is. */
export function filterOf(
  draft: QueueDraft,
  before: AnnotationQueue["filter"] = {},
): AnnotationQueue["filter"] {
  const { exampleTypes: _types, domains: _domains, tags: _tags, maxConfidence: _most, ...hidden } = before;
  const [domains, tags] = [wordsOf(draft.domains), wordsOf(draft.tags)];
  return {
    ...hidden,
    ...(draft.exampleTypes.length === 0 ? {} : { exampleTypes: [...draft.exampleTypes] }),
    ...(domains.length === 0 ? {} : { domains }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(draft.maxConfidence.trim() === "" ? {} : { maxConfidence: Number(draft.maxConfidence) / 100 }),
  };
}

function wordsOf(line: string): string[] {
  return line
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

/** 0.07 as 7, not as 7.000000000000001. */
function percentOf(share: number): number {
  return Number((share * 100).toFixed(6));
}
