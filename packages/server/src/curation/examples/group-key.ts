/** What an example comes from. */
export interface ExampleOrigin {
  exampleId: string;
  execution: { id: string; session_id: string | null } | null;
}

/**
 * What must share a split: everything of one session, or else everything of one execution, its corrections included. An
 * example without a source stands alone.
 */
export function groupKeyOf({ exampleId, execution }: ExampleOrigin): string {
  if (execution === null) return `example:${exampleId}`;
  return execution.session_id === null ? `execution:${execution.id}` : `session:${execution.session_id}`;
}
