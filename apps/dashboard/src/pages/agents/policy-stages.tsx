import type { JSX } from "react";
import type { AgentPolicy, Guardrail } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { metricWord } from "../../format/words.ts";

interface PolicyPartProps {
  policy: AgentPolicy;
  onChange: (policy: AgentPolicy) => void;
}

type Stage = AgentPolicy["rollout"]["stages"][number];

/** The stages of a rollout: a share of users, and how long at least. The last is everybody. */
export function PolicyStages({ policy, onChange }: PolicyPartProps): JSX.Element {
  const { stages } = policy.rollout;
  const set = (next: Stage[]): void => onChange({ ...policy, rollout: { ...policy.rollout, stages: next } });
  const setOne = (index: number, change: Partial<Stage>): void =>
    set(stages.map((stage, at) => (at === index ? { ...stage, ...change } : stage)));
  return (
    <fieldset className="stack-tight">
      <legend className="strong">Stages of a rollout</legend>
      <p className="small faint">Shares rise from stage to stage; the last one is everybody.</p>
      {stages.map((stage, index) => {
        const last = index === stages.length - 1;
        return (
          <div key={index} className="row">
            <input
              type="number"
              className="policy-number"
              aria-label={`Share of stage ${index + 1}, percent`}
              min={0.1}
              max={100}
              step="any"
              required
              disabled={last}
              value={Number.isNaN(stage.share) ? "" : Number((stage.share * 100).toFixed(6))}
              onChange={(event) => setOne(index, { share: event.target.valueAsNumber / 100 })}
            />
            <span>% of users</span>
            {last ? null : (
              <>
                <span>for at least</span>
                <input
                  type="number"
                  className="policy-number"
                  aria-label={`Hours of stage ${index + 1}`}
                  min={0}
                  step="any"
                  required
                  value={Number.isNaN(stage.hours) ? "" : stage.hours}
                  onChange={(event) => setOne(index, { hours: event.target.valueAsNumber })}
                />
                <span>hours</span>
                <Button
                  kind="quiet"
                  aria-label={`Remove stage ${index + 1}`}
                  onClick={() => set(stages.filter((_stage, at) => at !== index))}
                >
                  Remove
                </Button>
              </>
            )}
          </div>
        );
      })}
      <span>
        <Button
          onClick={() => {
            const before = stages.at(-2)?.share ?? 0;
            set([...stages.slice(0, -1), { share: (before + 1) / 2, hours: 24 }, ...stages.slice(-1)]);
          }}
        >
          Add a stage
        </Button>
      </span>
    </fieldset>
  );
}

const GUARDRAILS: readonly Guardrail[] = ["error_rate", "satisfaction", "latency"];

/** What a rollout is held to; one that never gets data would hold it for ever. */
export function PolicyGuardrails({ policy, onChange }: PolicyPartProps): JSX.Element {
  const { required } = policy.guardrails;
  return (
    <fieldset className="stack-tight">
      <legend className="strong">Required guardrails</legend>
      <p className="small faint">Leave out what is not measured: it would hold every rollout for ever.</p>
      {GUARDRAILS.map((name) => (
        <label key={name} className="check">
          <input
            type="checkbox"
            checked={required.includes(name)}
            onChange={(event) =>
              onChange({
                ...policy,
                guardrails: {
                  ...policy.guardrails,
                  required: GUARDRAILS.filter((one) =>
                    one === name ? event.target.checked : required.includes(one),
                  ),
                },
              })
            }
          />
          {metricWord(name)}
        </label>
      ))}
    </fieldset>
  );
}
