import { useUpdateAgent } from "@agent-learning/react/query";
import { type FormEvent, type JSX, useState } from "react";
import type { Agent, AgentPolicy } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Facts } from "../../components/facts.tsx";
import { Field } from "../../components/field.tsx";
import { EVALUATOR_WORDS } from "../../evaluators/evaluator-draft.ts";
import { EvaluatorFields } from "../../evaluators/evaluator-fields.tsx";
import { toast } from "../../components/toast.tsx";
import { percent } from "../../format/numbers.ts";
import { duration } from "../../format/time.ts";
import { metricWord } from "../../format/words.ts";
import { useMay } from "../../session/session-context.ts";
import { POLICY_FIELDS, type PolicyField, readField, writeField } from "./policy-fields.ts";
import { PolicyGuardrails, PolicyStages } from "./policy-stages.tsx";
import "./policy.css";

const HALF = Math.ceil(POLICY_FIELDS.length / 2);

function show(policy: AgentPolicy, field: PolicyField): string {
  const value = readField(policy, field);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value === "string") return field.options?.find(([one]) => one === value)?.[1] ?? value;
  if (field.unit === "share") return percent(value, 0);
  return field.unit === "hours" ? duration(value * 3_600_000) : String(value);
}

/** The agent's thresholds; a change is audited and refused when somebody else changed them meanwhile. */
export function Policy({ agent }: { agent: Agent }): JSX.Element {
  const may = useMay("admin");
  const [editing, setEditing] = useState(false);
  if (editing) return <PolicyForm agent={agent} onClose={() => setEditing(false)} />;
  const { policy } = agent;
  return (
    <Card
      title="Policy"
      aside={
        may ? (
          <Button kind="quiet" onClick={() => setEditing(true)}>
            Change
          </Button>
        ) : undefined
      }
    >
      <div className="columns">
        <Facts
          facts={POLICY_FIELDS.slice(0, HALF).map((field) => [field.label, show(policy, field)] as const)}
        />
        <Facts
          facts={[
            ...POLICY_FIELDS.slice(HALF).map((field) => [field.label, show(policy, field)] as const),
            ["Answers are scored by", EVALUATOR_WORDS[policy.promptLearning.evaluator.kind][0]],
            [
              "Stages",
              policy.rollout.stages
                .map(({ share, hours }) => `${percent(share, 0)}${hours > 0 ? ` for ${hours} h` : ""}`)
                .join(", "),
            ],
            ["Required guardrails", policy.guardrails.required.map(metricWord).join(", ")],
          ]}
        />
      </div>
    </Card>
  );
}

function PolicyForm({ agent, onClose }: { agent: Agent; onClose: () => void }): JSX.Element {
  const update = useUpdateAgent();
  const [policy, setPolicy] = useState(agent.policy);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    update.mutate(
      { agentId: agent.slug, version: agent.version, policy },
      {
        onSuccess: () => {
          onClose();
          toast("The policy is changed.");
        },
      },
    );
  };
  return (
    <Card title="Change the policy">
      <form className="stack" onSubmit={submit}>
        <div className="policy-form">
          {POLICY_FIELDS.map((field) => (
            <Field key={field.section + field.name} label={field.label} help={field.help}>
              {(id) => <PolicyInput id={id} field={field} policy={policy} onChange={setPolicy} />}
            </Field>
          ))}
        </div>
        <fieldset className="policy-form">
          <legend className="strong">Prompts that are optimised</legend>
          <EvaluatorFields
            value={policy.promptLearning.evaluator}
            onChange={(evaluator) =>
              setPolicy((now) => ({ ...now, promptLearning: { ...now.promptLearning, evaluator } }))
            }
          />
        </fieldset>
        <div className="columns">
          <PolicyStages policy={policy} onChange={setPolicy} />
          <PolicyGuardrails policy={policy} onChange={setPolicy} />
        </div>
        {update.error === null ? null : <ErrorNote error={update.error} />}
        <div className="row">
          <Button kind="primary" type="submit" busy={update.isPending}>
            Save
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Card>
  );
}

interface PolicyInputProps {
  id: string;
  field: PolicyField;
  policy: AgentPolicy;
  onChange: (policy: AgentPolicy) => void;
}

function PolicyInput({ id, field, policy, onChange }: PolicyInputProps): JSX.Element {
  const value = readField(policy, field);
  if (typeof value === "boolean") {
    return (
      <input
        id={id}
        type="checkbox"
        className="policy-switch"
        checked={value}
        onChange={(event) => onChange(writeField(policy, field, event.target.checked))}
      />
    );
  }
  if (typeof value === "string") {
    return (
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(writeField(policy, field, event.target.value))}
      >
        {field.options?.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      id={id}
      type="number"
      step="any"
      required
      value={Number.isNaN(value) ? "" : value}
      onChange={(event) => onChange(writeField(policy, field, event.target.valueAsNumber))}
    />
  );
}
