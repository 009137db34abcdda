import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { InvalidArgument } from "./invalid-argument.ts";

const root = new URL(".", import.meta.url);
const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !/\.(test|testing)\.ts$/.test(file),
);
const specifiersOf = (file: string): string[] =>
  [...readFileSync(new URL(file, root), "utf8").matchAll(/\bfrom "([^"]+)"|\bimport\("([^"]+)"\)/g)].map(
    ([, from, dynamic]) => from ?? dynamic ?? "",
  );

test("the package depends on nothing: every import is relative", () => {
  expect(sources.length).toBeGreaterThan(40);
  expect(sources.flatMap(specifiersOf).filter((specifier) => !specifier.startsWith("."))).toEqual([]);
  const manifest = JSON.parse(readFileSync(new URL("../package.json", root), "utf8")) as Record<
    string,
    unknown
  >;
  expect([manifest["dependencies"], manifest["peerDependencies"], manifest["scripts"]]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("what is bundled into an agent, assignment, imports nothing but itself and the error", () => {
  const specifiers = sources.filter((file) => file.startsWith("assignment/")).flatMap(specifiersOf);
  expect(specifiers.filter((specifier) => !specifier.startsWith("./"))).toEqual(
    specifiers.filter((specifier) => specifier === "../invalid-argument.ts"),
  );
});

test("every public name is exported on purpose", () => {
  expect(readFileSync(new URL("index.ts", root), "utf8")).not.toContain("export *");
});

describe("InvalidArgument", () => {
  const error = new InvalidArgument("weights[2]", "a finite number", Number.NaN);

  test("names the argument, the requirement and what it got", () => {
    expect(error.message).toBe("weights[2] must be a finite number, received NaN");
    expect(error.argument).toBe("weights[2]");
    expect(error).toBeInstanceOf(RangeError);
  });

  test("is recognised by its shape, since two copies of the package may be loaded", () => {
    const foreign = Object.assign(new RangeError("x"), { name: "InvalidArgument", argument: "x" });
    expect([error, foreign].map((e) => InvalidArgument.isInstance(e))).toEqual([true, true]);
    expect([new RangeError("x"), "InvalidArgument", null].map((e) => InvalidArgument.isInstance(e))).toEqual([
      false,
      false,
      false,
    ]);
  });
});
