/** As much of an example as tells what it expected before anybody annotated it. */
export interface ExpectingExample {
  example_type: string;
  original_output: string | null;
  /** Of the feedback that it was made of. */
  correction: string | null;
}

/**
 * What an example expected before a reviewer's correction took its place: the output that was liked, the rater's correction, and nothing
 * where an expert was to supply it. Null where it cannot be told any more.
 */
export function originalExpected(example: ExpectingExample): string | null {
  switch (example.example_type) {
    case "positive":
      return example.original_output;
    case "correction":
      return example.correction;
    case "negative":
    case "failure":
    case "edge_case":
      return "";
    default:
      return null;
  }
}
