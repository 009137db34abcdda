import type { Access } from "@agent-learning/contract";
import type { FastifyReply } from "fastify";
import type { z } from "zod";
import type { Context, TenantContext } from "../context.ts";
import type { Services } from "../services.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** An answer: the status, the body that the response schema of that status describes, and headers. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

interface RouteInput<P, Q, B> {
  params: P;
  query: Q;
  body: B;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The schema of a JSON body, or the name of another media type. */
type ResponseBody = z.ZodType | string;

interface RouteBase<P, Q, B> {
  method: Method;
  /** Path with `:name` parameters. */
  path: string;
  /** Verb of the operation in OpenAPI, unique: `submitFeedback`. */
  operationId: string;
  summary: string;
  description?: string;
  tag: string;
  access: Access | "public";
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  body?: z.ZodType<B>;
  /** Media types of a body that the handler reads as a stream (`body` is a Readable), in place of a schema. */
  bodyStream?: readonly string[];
  /** Largest body in bytes; 1 MiB unless said. */
  bodyLimit?: number;
  /** What may be in the body by status; null: no body. */
  responses: Readonly<Record<number, ResponseBody | readonly ResponseBody[] | null>>;
}

/** The usual kind: one transaction around the handler, idempotency for mutating methods. */
export interface TransactionalRoute<P = unknown, Q = unknown, B = unknown> extends RouteBase<P, Q, B> {
  kind: "transactional";
  handler(input: RouteInput<P, Q, B> & { ctx: TenantContext }): Promise<Answer>;
}

/** For streams, long polls and shared transactions: the handler opens its own and sees to idempotency itself. */
export interface FreeRoute<P = unknown, Q = unknown, B = unknown> extends RouteBase<P, Q, B> {
  kind: "free";
  handler(
    input: RouteInput<P, Q, B> & { ctx: Context; reply: FastifyReply; signal: AbortSignal },
  ): Promise<Answer | "sent">;
}

/** No identity: health, metrics, the API's own description. */
export interface PublicRoute<P = unknown, Q = unknown, B = unknown> extends RouteBase<P, Q, B> {
  kind: "public";
  access: "public";
  handler(input: RouteInput<P, Q, B> & { services: Services; reply: FastifyReply }): Promise<Answer | "sent">;
}

export type Route =
  | TransactionalRoute<never, never, never>
  | FreeRoute<never, never, never>
  | PublicRoute<never, never, never>;

type Definition<R> = Omit<R, "kind">;

/** A route whose handler runs inside one transaction of the caller's organization. */
export function defineRoute<P = unknown, Q = unknown, B = unknown>(
  route: Definition<TransactionalRoute<P, Q, B>>,
): Route {
  return { ...route, kind: "transactional" } as unknown as Route;
}

/** A route that manages its transactions itself. */
export function defineFreeRoute<P = unknown, Q = unknown, B = unknown>(
  route: Definition<FreeRoute<P, Q, B>>,
): Route {
  return { ...route, kind: "free" } as unknown as Route;
}

/** A route that anybody may call. */
export function definePublicRoute<P = unknown, Q = unknown, B = unknown>(
  route: Omit<Definition<PublicRoute<P, Q, B>>, "access">,
): Route {
  return { ...route, access: "public", kind: "public" } as unknown as Route;
}
