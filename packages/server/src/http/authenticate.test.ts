import { ROLES } from "@agent-learning/contract";
import { describe, expect, it, vi } from "vitest";
import type { Identity } from "../administration/api-keys/identify.ts";
import type { Actor } from "../context.ts";
import { authenticate, authorise } from "./authenticate.ts";

const KEY = "als_uk_aaaaaaaaaaaaaaaaaaaaaaaa";
const actor: Actor = { kind: "user", userId: "u", role: "viewer", keyId: "k" };
const identity: Identity = { organizationId: "o", actor };

function keysWith(found: Identity | undefined): {
  identify: (key: string) => Promise<Identity | undefined>;
  forget: () => void;
} {
  return { identify: vi.fn(async () => found), forget: () => undefined };
}

describe("authenticate", () => {
  const none = async (): Promise<undefined> => undefined;

  it("finds whose key it is, however the scheme is written", async () => {
    for (const scheme of ["Bearer", "bearer", "BEARER"]) {
      expect(await authenticate(`${scheme} ${KEY}`, keysWith(identity), none)).toBe(identity);
    }
  });

  it.each([
    ["no header", undefined],
    ["another scheme", "Basic dXNlcjpwYXNzd29yZA=="],
    ["no token", "Bearer "],
    ["too short", "Bearer abc"],
    ["white space inside", "Bearer als_uk_aaaa aaaaaaaaaaaaaaaa"],
    ["two schemes", `Bearer Bearer ${KEY}`],
    ["control characters", `Bearer ${KEY}\u0000`],
    ["absurdly long", `Bearer ${"a".repeat(2001)}`],
  ])("is 401 without asking the database: %s", async (_what, header) => {
    const keys = keysWith(identity);
    await expect(authenticate(header, keys, none)).rejects.toMatchObject({ status: 401 });
    expect(keys.identify).not.toHaveBeenCalled();
  });

  it("is 401 for a key that nobody has", async () => {
    await expect(authenticate(`Bearer ${KEY}`, keysWith(undefined), none)).rejects.toMatchObject({
      status: 401,
    });
  });

  it("asks the verifier, and nobody else, about feedback tokens", async () => {
    const keys = keysWith(undefined);
    const verify = vi.fn(async () => identity);
    expect(await authenticate("Bearer als_ft_aaaaaaaaaaaaaaaa", keys, verify)).toBe(identity);
    expect(keys.identify).not.toHaveBeenCalled();
    await expect(authenticate("Bearer als_ft_aaaaaaaaaaaaaaaa", keys, none)).rejects.toMatchObject({
      status: 401,
    });
  });
});

describe("authorise", () => {
  const user = (role: (typeof ROLES)[number]): Actor => ({ ...actor, role });
  const machine = (keyKind: "secret" | "publishable"): Actor => ({ kind: "machine", keyKind, keyId: "k" });
  const taken = (who: Actor, access: Parameters<typeof authorise>[1]): boolean => {
    try {
      authorise(who, access);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ status: 403 });
      return false;
    }
  };

  it("takes the least role and all above it", () => {
    for (const [needed, least] of ROLES.entries()) {
      for (const [has, role] of ROLES.entries()) {
        expect(taken(user(role), { user: least, machine: [] }), `${role} for ${least}`).toBe(has >= needed);
      }
    }
  });

  it("takes the kinds of machine keys that are listed", () => {
    expect(taken(machine("secret"), { user: "viewer", machine: ["secret"] })).toBe(true);
    expect(taken(machine("publishable"), { user: "viewer", machine: ["secret"] })).toBe(false);
    expect(taken(machine("secret"), { user: "viewer", machine: [] })).toBe(false);
  });

  it("keeps people out where machines only are meant, and lets workers in nowhere", () => {
    expect(taken(user("admin"), { user: null, machine: ["secret"] })).toBe(false);
    expect(taken({ kind: "system", worker: "w" }, { user: "viewer", machine: ["secret"] })).toBe(false);
  });
});
