import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { databaseError, isDatabaseAway } from "../database/index.ts";
import type { Log } from "../log.ts";
import { ProblemError } from "./problem-error.ts";

const RETRY_SECONDS = 2;

/** Any error as the problem that its cause deserves: never 5xx for what the caller sent. */
export function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isDatabaseAway(error)) {
    return new ProblemError(
      "unavailable",
      "The database cannot be reached at the moment. Send the same request again; with an Idempotency-Key it is done once.",
      {
        retryAfterSeconds: RETRY_SECONDS,
        cause: error,
      },
    );
  }
  const sqlState = databaseError(error)?.code ?? "";
  if (sqlState === "40001" || sqlState === "40P01" || sqlState === "55P03") {
    return new ProblemError(
      "unavailable",
      "Another request was changing the same rows; nothing was stored. Send the same request again.",
      {
        retryAfterSeconds: 1,
        cause: error,
      },
    );
  }
  // 22: the value does not fit its type. What zod let through but PostgreSQL refuses is still the caller's input.
  if (sqlState.startsWith("22")) {
    return new ProblemError(
      "unprocessable",
      "A value does not fit the column it is meant for; nothing was stored.",
      { cause: error },
    );
  }
  // 23: a constraint. Verbs answer for those that they expect; what slips through a race is still no fault of ours.
  if (sqlState === "23505" || sqlState === "23001") {
    return new ProblemError(
      "conflict",
      "This contradicts what is stored already; nothing was stored. Read the present state and try again.",
      { cause: error },
    );
  }
  if (sqlState.startsWith("23")) {
    return new ProblemError(
      "unprocessable",
      "What is sent does not go with what is stored; nothing was stored. Check the ids and values.",
      { cause: error },
    );
  }
  return fromFastify((error ?? {}) as Partial<FastifyError>) ?? internal(error);
}

function internal(error: unknown): ProblemError {
  return new ProblemError(
    "internal-error",
    "Something broke on our side; nothing was stored. The server's log has the details under this request's id.",
    {
      cause: error,
    },
  );
}

function fromFastify(error: Partial<FastifyError>): ProblemError | undefined {
  const body = [{ path: "body", message: error.message ?? "cannot be read" }];
  switch (error.statusCode) {
    case 413:
      return new ProblemError(
        "payload-too-large",
        "The body is larger than this route takes. Send less at a time.",
        {
          errors: [{ path: "body", message: "is too large" }],
        },
      );
    case 415:
      return new ProblemError("unsupported-media-type", "This route takes application/json.", {
        errors: body,
      });
    case 400:
    case 414:
    case 431:
      return new ProblemError(
        "malformed-request",
        `The request cannot be read: ${error.message ?? "bad request"}.`,
        { errors: body },
      );
    default:
      return undefined;
  }
}

/** Fastify's error handler: problem+json, with Retry-After where trying again makes sense. */
export function createErrorHandler(
  log: Log,
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (error, request, reply) => {
    const problem = toProblemError(error);
    // A refusal with a cause came from the database, not from a verb: worth a look.
    if (problem.status >= 500 || problem.cause !== undefined) {
      log[problem.type === "internal-error" ? "error" : "warn"]("request failed", {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url,
        error: problem.cause,
      });
    }
    if (problem.retryAfterSeconds !== undefined)
      void reply.header("retry-after", String(problem.retryAfterSeconds));
    await reply
      .code(problem.status)
      .type("application/problem+json")
      .send(JSON.stringify(problem.toProblem(`urn:agent-learning:request:${request.id}`)));
  };
}
