import { describe, expect, it } from "vitest";
import { agentLearningConfig, agentLearningConfigChange, changeConfig } from "./agent-config.ts";
import { agentPolicyChange, changePolicy, DEFAULT_POLICY } from "./agent-policy.ts";

describe("settings that a call changes", () => {
  it("are those that it names, down to a section of a section; the rest stays", () => {
    const strict = changePolicy(DEFAULT_POLICY, {
      guardrails: { max_error_rate: 0.01 },
      privacy: { redact: { email_address: "mask" } },
      regression: { slice_floors: { "domain:tax": 0.9, "domain:audit": 0.8 } },
    });
    const after = changePolicy(strict, {
      privacy: { redact: { payment_card: "drop" }, retention_days: 90 },
      regression: { slice_floors: { "domain:tax": 0.95 } },
    });
    expect(after).toEqual({
      ...DEFAULT_POLICY,
      guardrails: { ...DEFAULT_POLICY.guardrails, max_error_rate: 0.01 },
      privacy: {
        redact: { ...DEFAULT_POLICY.privacy.redact, email_address: "mask", payment_card: "drop" },
        retention_days: 90,
      },
      // A record by free names changes whole: how else would a name be taken out of it.
      regression: { ...DEFAULT_POLICY.regression, slice_floors: { "domain:tax": 0.95 } },
    });
    expect(changePolicy(after, { privacy: { retention_days: null } }).privacy.retention_days).toBeNull();
    const off = changeConfig(agentLearningConfig.parse({}), { feedback_collection: { auto_collect: false } });
    expect(changeConfig(off, { learning_enabled: false })).toEqual({
      learning_enabled: false,
      feedback_collection: { ...off.feedback_collection, auto_collect: false },
    });
  });

  it.each([
    ["a misspelt one", { guardrails: { max_eror_rate: 0.01 } }, "guardrails"],
    ["a section that there is not", { guardrail: {} }, ""],
    ["one deep inside", { privacy: { redact: { mail: "mask" } } }, "privacy.redact"],
    ["one out of its range", { guardrails: { max_error_rate: 2 } }, "guardrails.max_error_rate"],
    ["one of a section's list", { rollout: { stages: [{ share: 0.5, hours: 1 }] } }, "rollout.stages"],
  ])("are refused: %s", (_, change, where) => {
    const { error } = agentPolicyChange.safeParse(change);
    expect(error?.issues.map(({ path }) => path.join("."))).toEqual([where]);
  });

  it("are refused when they are written as code writes them", () => {
    expect(agentLearningConfigChange.safeParse({ learningEnabled: false }).success).toBe(false);
  });
});
