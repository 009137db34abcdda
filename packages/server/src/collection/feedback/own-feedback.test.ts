import type { Role } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import type { Actor, TenantContext } from "../../context.ts";
import { assertMayChange, changedBy, type OwnedFeedback } from "./own-feedback.ts";

const EXECUTION = "0190a000-0000-7000-8000-00000000abcd";
const owned = (raterId: string): OwnedFeedback => ({
  raterId,
  raterExternalId: "user-1",
  agentId: "agent",
  executionIds: [EXECUTION, "abc-123"],
});
const as = (actor: Actor): TenantContext => ({ actor }) as unknown as TenantContext;
const member = (role: Role): TenantContext => as({ kind: "user", userId: "me", role, keyId: "key" });
const secret = as({ kind: "machine", keyKind: "secret", keyId: "server" });

describe("assertMayChange", () => {
  it.each(["annotator", "reviewer"] as const)("lets a %s change their own feedback only", (role) => {
    expect(() => assertMayChange(member(role), owned("me"))).not.toThrow();
    expect(() => assertMayChange(member(role), owned("somebody else"))).toThrow(
      expect.objectContaining({ type: "forbidden" }),
    );
  });

  it("lets admins and the organization's servers change anybody's", () => {
    expect(() => assertMayChange(member("admin"), owned("somebody else"))).not.toThrow();
    expect(() => assertMayChange(secret, owned("somebody else"))).not.toThrow();
  });
});

describe("assertMayChange with a feedback token", () => {
  const claims = { agentId: "agent", executionId: "abc-123", raterId: "user-1" };
  const token = (change: Partial<typeof claims>): TenantContext =>
    as({ kind: "machine", keyKind: "feedback_token", keyId: "t", ...claims, ...change });

  it.each([
    {},
    { raterId: EXECUTION.replace("abcd", "beef").toUpperCase() },
    { executionId: EXECUTION.toUpperCase() },
  ])("lets it change its own %j", (change) => {
    expect(() => assertMayChange(token(change), owned(EXECUTION.replace("abcd", "beef")))).not.toThrow();
  });

  it.each([{ agentId: "other" }, { executionId: "abc-12" }, { raterId: "user-2" }])(
    "and nothing else: %j",
    (change) => {
      expect(() => assertMayChange(token(change), owned("me"))).toThrow(
        expect.objectContaining({ type: "forbidden" }),
      );
    },
  );
});

describe("changedBy", () => {
  it("is the user, or the key, or nobody", () => {
    expect(changedBy(member("admin"))).toBe("me");
    expect(changedBy(secret)).toBe("server");
    expect(changedBy(as({ kind: "system", worker: "sweep" }))).toBeNull();
  });
});
