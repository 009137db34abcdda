import { feedback } from "@agent-learning/contract";
import { expect, it } from "vitest";
import { newId } from "../../new-id.ts";
import { aStoredExecution } from "../stored-execution-fixture.testing.ts";
import { fillContent } from "./feedback-content.ts";
import { newFeedbackRow } from "./feedback-row.ts";
import { presentFeedback } from "./present-feedback.ts";

const row = newFeedbackRow({
  id: newId(),
  execution: aStoredExecution({ id: newId(), agent_id: newId() }),
  userId: newId(),
  content: fillContent({ feedback_type: "correction", correction_text: "Better.", rating: 2 }),
  createdAt: new Date("2026-03-01T10:00:00.000Z"),
});

it("names the execution by the caller's own id, and times in RFC 3339", () => {
  const shown = presentFeedback(row, "abc-123");
  expect(feedback.parse(shown)).toEqual(shown);
  expect(shown).toMatchObject({
    execution_id: "abc-123",
    status: "live",
    created_at: "2026-03-01T10:00:00.000Z",
  });
});

it("shows held feedback as held", () => {
  expect(presentFeedback(row, "abc-123", "held").status).toBe("held");
});
