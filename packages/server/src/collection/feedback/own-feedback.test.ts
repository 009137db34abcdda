import type { Role } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import type { Actor, TenantContext } from "../../context.ts";
import { assertMayChange, changedBy } from "./own-feedback.ts";

const as = (actor: Actor): TenantContext => ({ actor }) as unknown as TenantContext;
const member = (role: Role): TenantContext => as({ kind: "user", userId: "me", role, keyId: "key" });
const secret = as({ kind: "machine", keyKind: "secret", keyId: "server" });

describe("assertMayChange", () => {
  it.each(["annotator", "reviewer"] as const)("lets a %s change their own feedback only", (role) => {
    expect(() => assertMayChange(member(role), "me")).not.toThrow();
    expect(() => assertMayChange(member(role), "somebody else")).toThrow(
      expect.objectContaining({ type: "forbidden" }),
    );
  });

  it("lets admins and the organization's servers change anybody's", () => {
    expect(() => assertMayChange(member("admin"), "somebody else")).not.toThrow();
    expect(() => assertMayChange(secret, "somebody else")).not.toThrow();
  });
});

describe("changedBy", () => {
  it("is the user, or the key, or nobody", () => {
    expect(changedBy(member("admin"))).toBe("me");
    expect(changedBy(secret)).toBe("server");
    expect(changedBy(as({ kind: "system", worker: "sweep" }))).toBeNull();
  });
});
