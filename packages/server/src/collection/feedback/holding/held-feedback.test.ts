import { describe, expect, it } from "vitest";
import { fillContent } from "../feedback-content.ts";
import { amendHeld, heldAsFeedback, heldRevisions, type HeldRow, withdrawHeld } from "./held-feedback.ts";

const given = new Date("2026-03-01T10:00:00.000Z");
const later = new Date("2026-03-01T11:00:00.000Z");

const held: HeldRow = {
  id: "held",
  agent_id: "agent",
  execution_external_id: "abc-123",
  user_id: "rater",
  payload: {
    content: fillContent({ feedback_type: "rating", rating: 2 }),
    version: 1,
    revisions: [],
    updated_at: given.toISOString(),
  },
  status: "held",
  expires_at: new Date("2026-03-02T10:00:00.000Z"),
  created_at: given,
};

describe("heldAsFeedback", () => {
  it("has the shape of the feedback that it will become", () => {
    expect(heldAsFeedback(held)).toMatchObject({
      id: "held",
      agent_id: "agent",
      user_id: "rater",
      feedback_type: "rating",
      rating: 2,
      satisfaction: 0.25,
      status: "live",
      version: 1,
      created_at: given,
      updated_at: given,
    });
  });
});

describe("amendHeld", () => {
  const amended = amendHeld(held, fillContent({ feedback_type: "thumbs_up" }), "actor", later);

  it("replaces the content under the same id, one version on", () => {
    expect(amended).toMatchObject({
      id: "held",
      status: "held",
      created_at: given,
      expires_at: held.expires_at,
    });
    expect(heldAsFeedback(amended)).toMatchObject({
      feedback_type: "thumbs_up",
      version: 2,
      updated_at: later,
    });
  });

  it("keeps what it was, with who changed it and when", () => {
    expect(heldRevisions(amended)).toEqual([
      {
        feedback_id: "held",
        version: 1,
        action: "amended",
        snapshot: { ...held.payload.content, satisfaction: 0.25 },
        actor_id: "actor",
        created_at: later,
      },
    ]);
  });

  it("leaves its input alone", () => {
    expect(held.payload.revisions).toEqual([]);
    expect(held.payload.version).toBe(1);
  });
});

describe("withdrawHeld", () => {
  it("no longer waits, and keeps its content and history", () => {
    const amended = amendHeld(held, fillContent({ feedback_type: "thumbs_up" }), null, later);
    const withdrawn = withdrawHeld(amended, "actor", later);
    expect(withdrawn.status).toBe("withdrawn");
    expect(heldAsFeedback(withdrawn)).toMatchObject({
      status: "withdrawn",
      feedback_type: "thumbs_up",
      version: 3,
    });
    expect(heldRevisions(withdrawn).map(({ version, action }) => `${version} ${action}`)).toEqual([
      "1 amended",
      "2 withdrawn",
    ]);
  });
});
