import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { describeApi } from "../http/openapi.ts";
import { routes } from "../routes.ts";

// The package's types say that its CommonJS export is the default export; in Node it is `.default` of that.
const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void;

/** What was sent against the API's own description. */
export interface ResponseCheck {
  /** One line for each answer that the description does not allow. */
  readonly violations: string[];
  /** operationId → statuses that were seen. */
  readonly seen: ReadonlyMap<string, ReadonlySet<number>>;
}

type Content = Record<string, { schema: object }>;
interface Operation {
  operationId: string;
  responses: Record<string, { content?: Content }>;
}

const pointer = (...steps: string[]): string =>
  steps.map((step) => `/${encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1"))}`).join("");

const description = describeApi(routes, "test") as { paths: Record<string, Record<string, Operation>> };
const ajv = new Ajv2020({ strict: false, allErrors: false });
addFormats(ajv);
ajv.addSchema(description, "api");
const validators = new Map<string, ValidateFunction>();

// A reference into the whole document, so that what the description refers to is resolved as any client would.
function validatorAt(path: string): ValidateFunction {
  const known = validators.get(path);
  if (known !== undefined) return known;
  const made = ajv.compile({ $ref: `api#${path}` });
  validators.set(path, made);
  return made;
}

function takes(content: Content | undefined, type: string): boolean {
  return Object.keys(content ?? {}).some((listed) => listed.split(";")[0] === type);
}

function complain(request: FastifyRequest, reply: FastifyReply, payload: unknown): string | undefined {
  const url = request.routeOptions.url;
  const type = String(reply.getHeader("content-type") ?? "").split(";")[0] ?? "";
  const status = String(reply.statusCode);
  const path = url?.replaceAll(/:(\w+)/g, "{$1}") ?? "";
  const method = (request.method === "HEAD" ? "GET" : request.method).toLowerCase();
  const operation = description.paths[path]?.[method];
  // What reaches no route can only be a problem.
  const listed = operation?.responses[status];
  const response = listed ?? operation?.responses.default;
  if (reply.statusCode >= 400) {
    if (type !== "application/problem+json") return `an error in ${type || "no media type"}`;
  } else if (operation === undefined) return "not in the description";
  else if (listed === undefined) return "a status that the description does not list";
  if (payload === null || payload === undefined || payload === "") {
    return response?.content === undefined ? undefined : "no body";
  }
  if (operation !== undefined && !takes(response?.content, type)) return `a body in ${type}`;
  if (type !== "application/json" && type !== "application/problem+json") return undefined;
  if (typeof payload !== "string") return "JSON that is no text";
  const where =
    operation === undefined || listed === undefined
      ? pointer("components", "schemas", "Problem")
      : pointer("paths", path, method, "responses", status, "content", type, "schema");
  const validate = validatorAt(where);
  const body = JSON.parse(payload) as Record<string, unknown>;
  if (!validate(body)) return `${ajv.errorsText(validate.errors)} in ${payload.slice(0, 300)}`;
  return reply.statusCode >= 400 && body.status !== reply.statusCode
    ? "a problem of another status"
    : undefined;
}

/** Holds every answer of a server that is not ready yet against the API's description; streams by their media type only. */
export function checkResponses(server: FastifyInstance): ResponseCheck {
  const violations: string[] = [];
  const seen = new Map<string, Set<number>>();
  const operationAt = (request: FastifyRequest): string => {
    const path = request.routeOptions.url?.replaceAll(/:(\w+)/g, "{$1}") ?? "";
    return description.paths[path]?.[request.method.toLowerCase()]?.operationId ?? "none";
  };
  server.addHook("onSend", async (request, reply, payload) => {
    const complaint = complain(request, reply, payload);
    if (complaint !== undefined) {
      violations.push(
        `${request.method} ${request.url.slice(0, 200)} answered ${reply.statusCode}: ${complaint}`,
      );
    }
    const statuses = seen.get(operationAt(request)) ?? new Set();
    seen.set(operationAt(request), statuses.add(reply.statusCode));
  });
  return { violations, seen };
}
