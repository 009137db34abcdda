import { execution } from "@agent-learning/contract";
import type { Selectable } from "kysely";
import { describe, expect, it } from "vitest";
import type { AgentExecutionsTable } from "../../database/schema.ts";
import { newId } from "../../new-id.ts";
import { aStoredExecution } from "../stored-execution-fixture.testing.ts";
import { presentExecution } from "./present-execution.ts";

const row: Selectable<AgentExecutionsTable> = {
  ...aStoredExecution({ id: newId(), agent_id: newId() }),
  organization_id: newId(),
  input_context: { locale: "de" },
  error_message: null,
  prompt_tokens: 3,
  completion_tokens: 4,
  metadata: {},
};

describe("presentExecution", () => {
  it("is what the wire expects, under the caller's own id", () => {
    const shown = presentExecution(row);
    expect(execution.parse(shown)).toEqual(shown);
    expect(shown).toMatchObject({ execution_id: "abc-123", split: null, input_context: { locale: "de" } });
    expect(shown).not.toHaveProperty("organization_id");
  });

  it("shows the split that chose the version", () => {
    const id = newId();
    expect(presentExecution({ ...row, experiment_id: id, arm: "control" }).split).toEqual({
      kind: "experiment",
      id,
      arm: "control",
    });
    expect(presentExecution({ ...row, rollout_id: id, arm: "candidate" }).split).toEqual({
      kind: "rollout",
      id,
      arm: "candidate",
    });
  });
});
