import { describe, expect, it } from "vitest";
import { PersonRegistry, personNamed } from "./raters.ts";

const UUID = "0190D3E2-0000-7000-8000-000000000001";

describe("personNamed", () => {
  it("takes the caller's own id", () => {
    expect(personNamed("user-7")).toEqual({ externalId: "user-7", userId: null });
  });

  it("takes what is written like a UUID as either", () => {
    expect(personNamed(UUID)).toEqual({ externalId: UUID, userId: UUID.toLowerCase() });
  });
});

describe("PersonRegistry", () => {
  it("makes one person for each new name, sorted", () => {
    const registry = new PersonRegistry();
    const b = registry.idOf(personNamed("b"), null);
    const a = registry.idOf(personNamed("a"), null);
    expect(registry.idOf(personNamed("b"), null)).toBe(b);
    expect(registry.created()).toEqual([
      { id: a, external_id: "a" },
      { id: b, external_id: "b" },
    ]);
  });

  it("makes nobody who is known", () => {
    const registry = new PersonRegistry();
    expect(registry.idOf(personNamed("a"), UUID)).toBe(UUID);
    expect(registry.created()).toEqual([]);
  });
});
