import type { BatchedFeedback, SubmitFeedback, SubmittedFeedback } from "@agent-learning/contract";
import type { Context } from "../../context.ts";
import { hashRequest } from "../../http/idempotency.ts";
import type { Answer } from "../../http/route.ts";
import { createIngest, ingestOnce } from "../ingestion/create-ingest.ts";
import type { Headers } from "../ingestion/idempotency.ts";
import { requireAll } from "../ingestion/outcome.ts";
import { type AdmittedFeedback, admitSubmissions } from "./admit-submissions.ts";
import { recordFeedback } from "./record-feedback.ts";

const OPERATION = "submitFeedback";
const BATCH_OPERATION = "submitFeedbackBatch";

const characters = (text: string | null): number => text?.length ?? 0;

const ingest = createIngest<AdmittedFeedback>({
  operation: OPERATION,
  weigh: ({ content }) => 500 + characters(content.feedback_text) + characters(content.correction_text),
  record: (ctx, requests, lane) => recordFeedback(ctx, OPERATION, requests, { lane }),
});

/** An answer to one feedback. */
export type SubmittedAnswer = Answer & { body: SubmittedFeedback };

/**
 * Takes one feedback, in a transaction that it may share with others of its organization; resolves after the commit.
 * @throws ProblemError malformed-request, unprocessable, forbidden (feedback tokens) naming the field
 */
export async function submitFeedback(
  ctx: Context,
  input: SubmitFeedback,
  headers: Headers = {},
): Promise<SubmittedAnswer> {
  const [admitted] = requireAll(await admitSubmissions(ctx, [input], () => "body"));
  if (admitted === undefined) throw new Error("a feedback was lost at the door");
  return (await ingest(ctx).submit(ctx, admitted, headers, input)) as SubmittedAnswer;
}

/**
 * Takes many feedback in one transaction: all or, when one is refused, none.
 * @throws ProblemError naming the fields of every item that was refused
 */
export async function submitFeedbackBatch(
  ctx: Context,
  input: readonly BatchedFeedback[],
  headers: Headers = {},
): Promise<Answer> {
  const admitted = requireAll(await admitSubmissions(ctx, input, (index) => `body.feedback.${index}`));
  const requests = admitted.map((item, index) => ({ item, once: onceFor(input[index]) }));
  return ingestOnce(ctx, { operation: BATCH_OPERATION, headers, input }, async (tenant, lane) => {
    const answers = await recordFeedback(tenant, BATCH_OPERATION, requests, { lane, allOrNone: true });
    return { status: 201, body: { results: requireAll(answers).map((answer) => answer.body) } };
  });
}

/** The item's own key, if it has one; what it stands for is the same whether it comes alone or in a batch. */
function onceFor(input: BatchedFeedback | undefined): { key: string; hash: Buffer } | undefined {
  if (input?.idempotency_key === undefined) return undefined;
  const { idempotency_key: key, ...feedback } = input;
  return { key, hash: hashRequest(OPERATION, undefined, undefined, feedback) };
}
