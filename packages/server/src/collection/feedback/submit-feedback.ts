import type { SubmitFeedback, SubmittedFeedback } from "@agent-learning/contract";
import type { Context, TenantContext } from "../../context.ts";
import type { Answer } from "../../http/route.ts";
import { createIngest, ingestOnce } from "../ingestion/create-ingest.ts";
import { type BatchOptions, requireAll } from "../ingestion/outcome.ts";
import { resolveAgents, unknownAgent } from "../ingestion/resolve-agents.ts";
import { type AdmittedFeedback, admitSubmissions, outsideToken } from "./admit-submissions.ts";
import { storeSubmissions } from "./store-submissions.ts";
import type { Submission, SubmissionOutcome } from "./submission.ts";

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Stores admitted feedback in the caller's transaction. One outcome for each, in order. */
export async function recordFeedback(
  ctx: TenantContext,
  admitted: readonly AdmittedFeedback[],
  options: BatchOptions = {},
): Promise<SubmissionOutcome[]> {
  const agents = await resolveAgents(
    ctx,
    admitted.map((item) => item.agentReference),
  );
  const outcomes: SubmissionOutcome[] = [];
  const submissions: { submission: Submission; index: number }[] = [];
  for (const [index, { agentReference, boundAgentId, ...rest }] of admitted.entries()) {
    const agentId = agents.get(agentReference);
    if (agentId === undefined) outcomes[index] = { error: unknownAgent(agentReference, rest.path) };
    else if (boundAgentId !== null && boundAgentId !== agentId) {
      outcomes[index] = {
        error: outsideToken(`${rest.path}.agent_id`, "is not the agent that it was made for"),
      };
    } else submissions.push({ submission: { ...rest, agentId }, index });
  }
  if (options.allOrNone === true) requireAll(outcomes);
  const stored = await storeSubmissions(
    ctx,
    submissions.map(({ submission }) => submission),
    options,
  );
  for (const [position, { index }] of submissions.entries()) {
    outcomes[index] = stored[position] ?? { error: new Error("a submission was lost") };
  }
  return outcomes;
}

const characters = (text: string | null): number => text?.length ?? 0;

const ingest = createIngest<AdmittedFeedback>({
  operation: "submitFeedback",
  weigh: ({ content }) => 500 + characters(content.feedback_text) + characters(content.correction_text),
  record: async (ctx, items, lane) => {
    const outcomes = await recordFeedback(ctx, items, { lane });
    return outcomes.map((outcome) =>
      "value" in outcome ? { value: { status: 201, body: outcome.value } } : outcome,
    );
  },
});

/**
 * Takes one feedback, in a transaction that it may share with others of its organization; resolves after the commit.
 * @throws ProblemError malformed-request, unprocessable, forbidden (feedback tokens) naming the field
 */
export async function submitFeedback(
  ctx: Context,
  input: SubmitFeedback,
  headers: Headers = {},
): Promise<Answer & { body?: SubmittedFeedback }> {
  const [admitted] = requireAll(await admitSubmissions(ctx, [input], () => "body"));
  if (admitted === undefined) throw new Error("a feedback was lost at the door");
  return (await ingest(ctx).submit(ctx, admitted, headers, input)) as Answer & { body?: SubmittedFeedback };
}

/**
 * Takes many feedback in one transaction: all or, when one is refused, none.
 * @throws ProblemError naming the fields of every item that was refused
 */
export async function submitFeedbackBatch(
  ctx: Context,
  input: readonly SubmitFeedback[],
  headers: Headers = {},
): Promise<Answer> {
  const admitted = requireAll(await admitSubmissions(ctx, input, (index) => `body.feedback.${index}`));
  return ingestOnce(ctx, { operation: "submitFeedbackBatch", headers, input }, async (tenant) => {
    const results = requireAll(await recordFeedback(tenant, admitted, { allOrNone: true }));
    return { status: 201, body: { results } };
  });
}
