import { type MachineKeyKind, type Role, roleIncludes, ROLES } from "@agent-learning/contract";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, it } from "vitest";
import { composeServer } from "../compose.ts";
import { evidenceObservers } from "../evidence-observers.ts";
import { type ApiOperation, listOperations, urlOf } from "../testing/api-operations.ts";
import { checkResponses, type ResponseCheck } from "../testing/check-responses.ts";
import { sampleFromSchema } from "../testing/sample-from-schema.ts";
import { seedOneOfEach } from "../testing/seed-one-of-each.ts";
import { describeEachEngine } from "../testing/test-database.ts";
import { createTestOrganization, type TestOrganization } from "../testing/test-organization.ts";
import { createTestServices } from "../testing/test-services.ts";
import { EXPECTED_ACCESS } from "./expected-access.testing.ts";

const operations = listOperations();
// In the words of authorise(), which speaks before any verb does.
const KEPT_OUT = /needs the role|kind of key|takes machine keys only|needs a user's key/;
const UNKNOWN = "0190a000-0000-7000-8000-00000000dead";

it("lists every route of the API and no other, with the access that it declares", () => {
  const declared = Object.fromEntries(operations.map(({ operationId, access }) => [operationId, access]));
  expect(declared).toEqual(EXPECTED_ACCESS);
});

describeEachEngine("authorisation matrix", (context) => {
  let server: FastifyInstance;
  let check: ResponseCheck;
  let own: TestOrganization;
  let other: TestOrganization;
  let foreign: Readonly<Record<string, string>>;

  beforeAll(async () => {
    server = composeServer(createTestServices(context.database, { evidenceObservers }));
    check = checkResponses(server);
    own = await createTestOrganization(context.database);
    other = await createTestOrganization(context.database);
    foreign = await seedOneOfEach(context.database, other);
  });
  afterAll(() => server.close());

  async function call(
    operation: ApiOperation,
    key: string | undefined,
    ids: (name: string) => string,
    query = "",
  ): Promise<{ status: number; text: string }> {
    const payload =
      operation.body === undefined ? undefined : JSON.stringify(sampleFromSchema(operation.body));
    const response = await server.inject({
      method: operation.method,
      url: `${urlOf(operation, ids)}${query}`,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(payload === undefined ? {} : { "content-type": "application/json" }),
        "if-match": '"1"',
      },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: response.statusCode, text: response.body };
  }

  const guarded = operations.filter((operation) => operation.access !== "public");

  it("asks for a key on every route that is not public, and takes no made-up one", async () => {
    for (const operation of guarded) {
      for (const key of [undefined, "als_sk_made-up-key-that-nobody-has-ever-issued", "short"]) {
        const { status } = await call(operation, key, () => UNKNOWN);
        expect(status, `${operation.operationId} with ${key ?? "no key"}`).toBe(401);
      }
    }
  });

  it("lets in exactly the roles and kinds of keys that are listed", async () => {
    for (const operation of guarded) {
      const expected = EXPECTED_ACCESS[operation.operationId];
      if (expected === undefined || expected === "public")
        throw new Error(`${operation.operationId} is not listed`);
      const identities: [string, string, boolean][] = [
        ...ROLES.map((role: Role): [string, string, boolean] => [
          role,
          own.members[role].key,
          expected.user !== null && roleIncludes(role, expected.user),
        ]),
        ...(["secret", "publishable"] as const).map((kind: MachineKeyKind): [string, string, boolean] => [
          kind,
          kind === "secret" ? own.secret.key : own.publishable.key,
          expected.machine.includes(kind),
        ]),
      ];
      for (const [who, key, allowed] of identities) {
        const { status, text } = await call(operation, key, () => UNKNOWN);
        const what = `${operation.operationId} as ${who}: ${text.slice(0, 200)}`;
        expect(status, what).not.toBe(401);
        expect(status, what).toBeLessThan(500);
        // A verb may refuse an allowed key for its own reason (nobody approves their own work); it says so otherwise.
        const kept = status === 403 && KEPT_OUT.test(text);
        expect(kept, what).toBe(!allowed);
      }
    }
  });

  it("answers for another organization's rows as if they were not there", async () => {
    for (const operation of guarded.filter(({ pathParameters }) => pathParameters.length > 0)) {
      const expected = EXPECTED_ACCESS[operation.operationId];
      const key = expected !== "public" && expected?.user === null ? own.secret.key : own.members.admin.key;
      const { status, text } = await call(operation, key, (name) => {
        const id = foreign[name];
        if (id === undefined) throw new Error(`seedOneOfEach makes nothing for the path parameter ${name}`);
        return id;
      });
      expect([400, 404, 422], `${operation.operationId}: ${status} ${text.slice(0, 300)}`).toContain(status);
      // The refusal repeats the id that was asked for; nothing else of the other organization may show.
      const asked = new Set(operation.pathParameters.map((name) => foreign[name]));
      const shown = Object.values(foreign).filter((id) => !asked.has(id) && text.includes(id));
      expect(shown, operation.operationId).toEqual([]);
    }
  });

  it("lists nothing of another organization", async () => {
    for (const operation of guarded.filter(
      ({ method, pathParameters }) => method === "GET" && pathParameters.length === 0,
    )) {
      const { text } = await call(operation, own.members.admin.key, () => UNKNOWN);
      for (const id of Object.values(foreign)) expect(text, operation.operationId).not.toContain(id);
    }
  });

  it("answered as the description says, every time", () => {
    expect(check.violations).toEqual([]);
    expect([...check.seen.keys()].sort()).toEqual(guarded.map(({ operationId }) => operationId).sort());
  });
});
