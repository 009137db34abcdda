import type { SubmitFeedback } from "@agent-learning/contract";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../http/problem-error.ts";
import { newId } from "../../new-id.ts";
import { type PersonReference, personNamed } from "../people/raters.ts";
import type { Outcome } from "../ingestion/outcome.ts";
import { contentProblem, examineContents } from "./admit-content.ts";
import { fillContent } from "./feedback-content.ts";
import type { Submission } from "./submission.ts";

/** A submission whose agent is still named as the caller named it. */
export interface AdmittedFeedback extends Omit<Submission, "agentId"> {
  agentReference: string;
  /** The agent that a feedback token was made for. */
  boundAgentId: string | null;
}

/** 403: a feedback token is good for one agent, execution and rater. */
export function outsideToken(path: string, message: string): ProblemError {
  return new ProblemError("forbidden", `The feedback token does not cover this: ${path} ${message}.`, {
    errors: [{ path, message }],
  });
}

/** Who rates: the person that the token or the member's key names, else the one that the caller names. */
function raterOf(ctx: Context, input: SubmitFeedback, path: string): PersonReference {
  const { actor } = ctx;
  if (actor.kind === "machine" && actor.keyKind === "feedback_token") {
    if (typeof input.user_id === "string" && input.user_id !== actor.raterId) {
      throw outsideToken(`${path}.user_id`, "is not the rater that it was made for");
    }
    if (input.execution_id !== actor.executionId) {
      throw outsideToken(`${path}.execution_id`, "is not the execution that it was made for");
    }
    return personNamed(actor.raterId);
  }
  if (typeof input.user_id === "string") return personNamed(input.user_id);
  if (actor.kind === "user") return { externalId: null, userId: actor.userId };
  throw new ProblemError(
    "malformed-request",
    `${path}.user_id is missing: a machine's key must name the rater.`,
    {
      errors: [{ path: `${path}.user_id`, message: "is required" }],
    },
  );
}

/**
 * What each feedback of a request becomes at the door: a submission, or the problem that refuses it. Needs no transaction.
 * @param pathOf where the item at an index stands in the request
 */
export async function admitSubmissions(
  ctx: Context,
  inputs: readonly SubmitFeedback[],
  pathOf: (index: number) => string,
): Promise<Outcome<AdmittedFeedback>[]> {
  const contents = inputs.map(fillContent);
  const examined = await examineContents(ctx, contents);
  return inputs.map((input, index) => {
    const path = pathOf(index);
    const content = contents[index];
    const errors = examined[index] ?? [];
    if (content === undefined || errors.length > 0) return { error: contentProblem(errors, path) };
    try {
      const rater = raterOf(ctx, input, path);
      return {
        value: {
          id: newId(),
          agentReference: input.agent_id,
          boundAgentId:
            ctx.actor.kind === "machine" && ctx.actor.keyKind === "feedback_token" ? ctx.actor.agentId : null,
          executionReference: input.execution_id,
          rater,
          content,
          path,
        },
      };
    } catch (error) {
      return { error };
    }
  });
}
