import type { SubmitFeedback } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import type { Actor, Context } from "../../context.ts";
import { newId } from "../../new-id.ts";
import type { Services } from "../../services.ts";
import { type AdmittedFeedback, admitSubmissions } from "./admit-submissions.ts";

const MEMBER = newId();
const AGENT = newId();
const secret: Actor = { kind: "machine", keyKind: "secret", keyId: newId() };
const member: Actor = { kind: "user", userId: MEMBER, role: "annotator", keyId: newId() };
const token: Actor = {
  kind: "machine",
  keyKind: "feedback_token",
  keyId: newId(),
  agentId: AGENT,
  executionId: "abc-123",
  raterId: "user-1",
};

const vote: SubmitFeedback = {
  agent_id: "my-agent",
  execution_id: "abc-123",
  user_id: "user-1",
  feedback_type: "thumbs_up",
};
const { user_id: _user, ...anonymous } = vote;

/** A context that can read issue categories, and counts how often it did. */
function contextOf(
  actor: Actor,
  categories: string[][] = [["incorrect"]],
): Context & { reads: () => number } {
  let reads = 0;
  const context = {
    organizationId: newId(),
    actor,
    services: {} as Services,
    transact: async () => {
      const slugs = categories[Math.min(reads, categories.length - 1)] ?? [];
      reads += 1;
      return slugs.map((slug) => ({ slug, label: slug, is_active: slug !== "retired" }));
    },
    reads: () => reads,
  };
  return context as unknown as Context & { reads: () => number };
}

async function admitOne(actor: Actor, input: SubmitFeedback): Promise<AdmittedFeedback> {
  const [outcome] = await admitSubmissions(contextOf(actor), [input], () => "body");
  if (outcome === undefined || "error" in outcome) throw outcome?.error ?? new Error("lost");
  return outcome.value;
}

describe("who rates", () => {
  it("is the one that a server names", async () => {
    expect((await admitOne(secret, vote)).rater).toEqual({ externalId: "user-1", userId: null });
    expect((await admitOne(secret, { ...vote, user_id: MEMBER })).rater).toEqual({
      externalId: MEMBER,
      userId: MEMBER,
    });
  });

  it("is the member whose key it is, unless the member names somebody", async () => {
    expect((await admitOne(member, anonymous)).rater).toEqual({ externalId: null, userId: MEMBER });
    expect((await admitOne(member, vote)).rater).toEqual({ externalId: "user-1", userId: null });
  });

  it("has to be named by a machine", async () => {
    for (const input of [anonymous, { ...vote, user_id: null }]) {
      await expect(admitOne(secret, input)).rejects.toMatchObject({
        type: "malformed-request",
        errors: [{ path: "body.user_id" }],
      });
    }
  });

  it("is the one that a feedback token was made for, on its execution", async () => {
    expect(await admitOne(token, anonymous)).toMatchObject({
      rater: { externalId: "user-1" },
      boundAgentId: AGENT,
    });
    expect((await admitOne(secret, vote)).boundAgentId).toBeNull();
    for (const [change, path] of [
      [{ user_id: "user-2" }, "body.user_id"],
      [{ execution_id: "abc-124" }, "body.execution_id"],
    ] as const) {
      await expect(admitOne(token, { ...vote, ...change })).rejects.toMatchObject({
        type: "forbidden",
        errors: [{ path }],
      });
    }
  });
});

describe("a batch", () => {
  it("has an outcome for each item, in order, with its path", async () => {
    const outcomes = await admitSubmissions(
      contextOf(secret),
      [vote, { ...vote, feedback_type: "rating" }, { ...vote, rating: 5 }],
      (index) => `body.feedback.${index}`,
    );
    expect(outcomes.map((outcome) => "value" in outcome)).toEqual([true, false, true]);
    expect(outcomes[1]).toMatchObject({ error: { errors: [{ path: "body.feedback.1.rating" }] } });
  });

  it("gives each an id of its own", async () => {
    const outcomes = await admitSubmissions(contextOf(secret), [vote, vote], () => "body");
    const ids = outcomes.map((outcome) => ("value" in outcome ? outcome.value.id : ""));
    expect(new Set(ids).size).toBe(2);
  });
});

describe("issue categories", () => {
  const about = (category: string): SubmitFeedback => ({ ...vote, issue_categories: [category] });

  it("are not read for feedback that names none", async () => {
    const context = contextOf(secret);
    await admitSubmissions(context, [vote, vote], () => "body");
    expect(context.reads()).toBe(0);
  });

  it("are read once for many", async () => {
    const context = contextOf(secret);
    for (let call = 0; call < 3; call += 1) {
      await admitSubmissions(context, [about("incorrect"), about("incorrect")], () => "body");
    }
    expect(context.reads()).toBe(1);
  });

  it("are read again before one is called unknown, so that a new one is taken at once", async () => {
    const context = contextOf(secret, [["incorrect"], ["incorrect", "hallucinated"]]);
    await admitSubmissions(context, [about("incorrect")], () => "body");
    const [outcome] = await admitSubmissions(context, [about("hallucinated")], () => "body");
    expect(outcome).toHaveProperty("value");
    expect(context.reads()).toBe(2);
  });

  it("that are retired are refused", async () => {
    const context = contextOf(secret, [["incorrect", "retired"]]);
    const [outcome] = await admitSubmissions(context, [about("retired")], () => "body");
    expect(outcome).toMatchObject({ error: { errors: [{ path: "body.issue_categories.0" }] } });
  });
});
