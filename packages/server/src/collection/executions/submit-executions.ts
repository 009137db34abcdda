import type { RecordedExecution, RecordExecution } from "@agent-learning/contract";
import type { Context } from "../../context.ts";
import type { Answer } from "../../http/route.ts";
import { createIngest, ingestOnce } from "../ingestion/create-ingest.ts";
import type { Headers } from "../ingestion/idempotency.ts";
import { onceEach } from "../ingestion/once-each.ts";
import { requireAll } from "../ingestion/outcome.ts";
import { type ExecutionInput, recordExecutions } from "./record-executions.ts";

const OPERATION = "recordExecutions";

function answerOne(recorded: RecordedExecution): Answer {
  return { status: recorded.status === "recorded" ? 201 : 200, body: recorded };
}

const ingest = createIngest<ExecutionInput>({
  operation: OPERATION,
  weigh: ({ execution }) => 500 + execution.input_text.length + (execution.output_text?.length ?? 0),
  record: (ctx, requests, lane) =>
    onceEach(ctx, OPERATION, requests, async (items) => {
      const outcomes = await recordExecutions(ctx, items, { lane });
      return outcomes.map((outcome) => ("value" in outcome ? { value: answerOne(outcome.value) } : outcome));
    }),
});

/**
 * Records one execution, in a transaction that it may share with others of its organization, or a batch in one of its own:
 * all or, when one is refused, none. Resolves after the commit.
 * @throws ProblemError unprocessable naming the fields of every item that was refused
 */
export function submitExecutions(
  ctx: Context,
  input: { items: RecordExecution[]; batch: boolean },
  headers: Headers = {},
): Promise<Answer> {
  const [only] = input.items;
  if (!input.batch && only !== undefined) {
    return ingest(ctx).submit(ctx, { execution: only, path: "body" }, headers, only);
  }
  const items = input.items.map((execution, index) => ({ execution, path: `body.executions.${index}` }));
  return ingestOnce(ctx, { operation: OPERATION, headers, input: input.items }, async (tenant, lane) => {
    const results = requireAll(await recordExecutions(tenant, items, { lane, allOrNone: true }));
    return { status: 201, body: { results } };
  });
}
