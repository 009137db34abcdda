import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import { expect, it } from "vitest";
import { bindPerson } from "./bind-person.ts";

const kysely = new Kysely<object>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});
const ids = { organizationId: "the-organization", userId: "o'brien; DROP TABLE users" };

it("binds the person and the organization wherever they stand, never as text", () => {
  const { sql, parameters } = bindPerson("t.a = $person OR $organization = t.b AND $person", ids).compile(
    kysely,
  );
  expect(sql).toBe("t.a = $1::uuid OR $2::uuid = t.b AND $3::uuid");
  expect(parameters).toEqual([ids.userId, ids.organizationId, ids.userId]);
});

it("binds the salt of an erasure", () => {
  const { sql, parameters } = bindPerson("md5($salt || unit_id)", { ...ids, salt: "once" }).compile(kysely);
  expect([sql, parameters]).toEqual(["md5($1::text || unit_id)", ["once"]]);
});

it("leaves a fragment without either as it is", () => {
  const { sql, parameters } = bindPerson("name = NULL", ids).compile(kysely);
  expect([sql, parameters]).toEqual(["name = NULL", []]);
});
