import type { Role } from "@agent-learning/contract";
import type { FastifyInstance } from "fastify";
import { composeServer } from "../compose.ts";
import type { DatabaseConnection } from "../database/index.ts";
import type { Services } from "../services.ts";
import { checkResponses } from "./check-responses.ts";
import type { TestOrganization } from "./test-organization.ts";
import { createTestServices } from "./test-services.ts";

export interface ApiAnswer<T = Record<string, unknown>> {
  status: number;
  body: T;
  headers: Readonly<Record<string, string | string[] | number | undefined>>;
}

export interface ApiCall {
  as?: Role | "secret" | "publishable" | "nobody";
  body?: unknown;
  headers?: Record<string, string>;
}

/** The real HTTP wrapper over a test's database, every answer checked against the API's description. */
export interface TestApi {
  readonly services: Services;
  readonly server: FastifyInstance;
  /** Calls `/api/learning` + path as a member, or with a machine key of the organization. Administrator unless said. */
  call<T = Record<string, unknown>>(
    organization: TestOrganization,
    method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE",
    path: string,
    options?: ApiCall,
  ): Promise<ApiAnswer<T>>;
  close(): Promise<void>;
}

function keyOf(organization: TestOrganization, as: Exclude<ApiCall["as"], undefined>): string | undefined {
  if (as === "nobody") return undefined;
  return as === "secret" || as === "publishable" ? organization[as].key : organization.members[as].key;
}

export function createTestApi(database: DatabaseConnection, overrides: Partial<Services> = {}): TestApi {
  const services = createTestServices(database, overrides);
  const server = composeServer(services);
  const check = checkResponses(server);
  return {
    services,
    server,
    call: async (organization, method, path, { as = "admin", body, headers = {} } = {}) => {
      const key = keyOf(organization, as);
      const response = await server.inject({
        method,
        url: `/api/learning${path}`,
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      if (check.violations.length > 0) throw new Error(check.violations.splice(0).join("\n"));
      return {
        status: response.statusCode,
        body: (response.body === "" ? {} : JSON.parse(response.body)) as never,
        headers: response.headers,
      };
    },
    close: () => server.close(),
  };
}
