import { describe, expect, it } from "vitest";
import { databaseError, isDatabaseAway, isUniqueViolation } from "./errors.ts";

function withCode(code: string, more: object = {}): Error {
  return Object.assign(new Error(`error ${code}`), { code, ...more });
}

describe("databaseError", () => {
  it("finds the SQLSTATE behind wrappers", () => {
    const inner = withCode("23505", { constraint: "users_pkey" });
    const wrapped = new Error("outer", { cause: new Error("middle", { cause: inner }) });
    expect(databaseError(wrapped)).toBe(inner);
    expect(databaseError(inner)?.constraint).toBe("users_pkey");
  });

  it.each([
    new Error("plain"),
    withCode("ECONNREFUSED"),
    withCode("EPIPE"),
    null,
    undefined,
    "23505",
    23_505,
    {},
  ])("finds none in %s", (value) => {
    expect(databaseError(value)).toBeUndefined();
  });

  it("gives up on a circle of causes", () => {
    const error = new Error("circle");
    error.cause = error;
    expect(databaseError(error)).toBeUndefined();
  });
});

describe("isUniqueViolation", () => {
  it("knows any, or the one of a named constraint", () => {
    const error = withCode("23505", { constraint: "users_external_id" });
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(error, "users_external_id")).toBe(true);
    expect(isUniqueViolation(error, "users_pkey")).toBe(false);
    expect(isUniqueViolation(withCode("23503"))).toBe(false);
    expect(isUniqueViolation(new Error("duplicate key"))).toBe(false);
  });
});

describe("isDatabaseAway", () => {
  it.each([
    ["connection failure", withCode("08006")],
    ["too many connections", withCode("53300")],
    ["disk full", withCode("53100")],
    ["shutdown", withCode("57P01")],
    ["password refused", withCode("28P01")],
    ["no such database", withCode("3D000")],
    ["starting up", withCode("57P03")],
    ["statement timeout", withCode("57014")],
    ["read-only standby", withCode("25006")],
    ["refused", withCode("ECONNREFUSED")],
    ["reset", withCode("ECONNRESET")],
    ["no such host", withCode("ENOTFOUND")],
    ["host name not resolved", withCode("EAI_AGAIN")],
    ["written to a closed socket", withCode("EPIPE")],
    ["no socket file", withCode("ENOENT", { syscall: "connect" })],
    ["pool is full", new Error("timeout exceeded when trying to connect")],
    ["no answer to a connection", new Error("timeout expired")],
    ["query timeout", new Error("Query read timeout")],
    ["cut off", new Error("Connection terminated unexpectedly")],
    ["broken client", new Error("Client has encountered a connection error and is not queryable")],
    ["every address refused", new AggregateError([withCode("ECONNREFUSED"), withCode("ECONNREFUSED")])],
    ["wrapped", new Error("outer", { cause: withCode("57P01") })],
  ])("is true for: %s", (_what, error) => {
    expect(isDatabaseAway(error)).toBe(true);
  });

  it.each([
    ["unique violation", withCode("23505")],
    ["syntax error", withCode("42601")],
    ["row-level security", withCode("42501")],
    ["serialization failure", withCode("40001")],
    ["aborted transaction", withCode("25P02")],
    ["a missing file", withCode("ENOENT", { syscall: "open" })],
    ["a bug", new TypeError("x is not a function")],
    ["not an error", "ECONNREFUSED"],
    ["nothing", undefined],
  ])("is false for: %s", (_what, error) => {
    expect(isDatabaseAway(error)).toBe(false);
  });
});
