import type { ClientBase } from "pg";
import { describe, expect, it } from "vitest";
import { preparedName, prepareStatements } from "./prepared-statements.ts";

describe("preparedName", () => {
  it("finds the name at the beginning only", () => {
    expect(preparedName("\n    /* prepared find_targets */ SELECT 1")).toBe("find_targets");
    expect(preparedName("SELECT '/* prepared find_targets */'")).toBeUndefined();
    expect(preparedName("/* preparation */ SELECT 1")).toBeUndefined();
  });
});

describe("prepareStatements", () => {
  function calls(...input: unknown[]): unknown[] {
    const seen: unknown[][] = [];
    const client = { query: (...given: unknown[]) => void seen.push(given) } as unknown as ClientBase;
    prepareStatements(client);
    (client.query as (...given: unknown[]) => unknown)(...input);
    return seen[0] ?? [];
  }

  it("names statements that ask for it, and leaves others alone", () => {
    const text = "/* prepared one */ SELECT $1";
    expect(calls(text, [1])).toEqual([{ name: "one", text, values: [1] }]);
    expect(calls("SELECT $1", [1])).toEqual(["SELECT $1", [1]]);
    expect(calls("begin")).toEqual(["begin"]);
    expect(calls({ text, values: [1] })).toEqual([{ text, values: [1] }]);
  });
});
