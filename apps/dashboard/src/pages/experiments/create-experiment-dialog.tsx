import { useCreateExperiment, useServing, useVersions } from "@agent-learning/react/query";
import { useNavigate } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { Agent } from "../../api/types.ts";
import { Field } from "../../components/field.tsx";
import { FormDialog } from "../../components/form-dialog.tsx";
import { metricWord } from "../../format/words.ts";
import { ArmsField } from "./arms-field.tsx";
import { type DraftArm, holdoutOf } from "./draft-arms.ts";

const GOALS = ["satisfaction", "task_completion", "error_rate", "latency_ms", "cost_usd"] as const;
type Goal = (typeof GOALS)[number];

/** Versions against what production runs: who gets which, what decides, and whether the shares may move. */
export function CreateExperimentDialog({
  agent,
  onClose,
}: {
  agent: Agent;
  onClose: () => void;
}): JSX.Element {
  const navigate = useNavigate();
  const create = useCreateExperiment();
  const versions = useVersions(agent.slug, { limit: 50 }).data ?? [];
  const production = useServing(agent.slug).data?.defaultVersionId ?? "";
  const [name, setName] = useState("");
  const [hypothesis, setHypothesis] = useState("");
  const [drawn, setDrawn] = useState<readonly DraftArm[]>();
  const [goal, setGoal] = useState<Goal>("satisfaction");
  const [effect, setEffect] = useState("");
  const [bandit, setBandit] = useState(false);
  const arms = drawn ?? [
    { name: "control", versionId: production, percentage: 50 },
    { name: "treatment", versionId: versions.find(({ id }) => id !== production)?.id ?? "", percentage: 50 },
  ];
  const [control, treatment, ...others] = arms;
  const several = others.length > 0;
  const submit = (): void => {
    if (control === undefined || treatment === undefined) return;
    create.mutate(
      {
        agentId: agent.slug,
        name,
        hypothesis: hypothesis === "" ? undefined : hypothesis,
        controlConfig: { version_id: control.versionId },
        treatmentConfig: { version_id: treatment.versionId },
        controlPercentage: control.percentage,
        treatmentPercentage: treatment.percentage,
        additionalTreatments: several
          ? others.map((arm) => ({
              name: arm.name,
              percentage: arm.percentage,
              config: { version_id: arm.versionId },
            }))
          : undefined,
        primaryMetric: goal === "satisfaction" ? undefined : goal,
        metrics: goal === "satisfaction" ? undefined : [{ name: goal, role: "goal", covariate: false }],
        minimumEffect: effect === "" ? undefined : Number(effect) / 100,
        allocation: several && bandit ? { policy: "bandit" } : undefined,
      },
      {
        onSuccess: ({ id }) =>
          void navigate({ to: "/experiments/$experimentId", params: { experimentId: id } }),
      },
    );
  };
  return (
    <FormDialog
      title="New experiment"
      verb="Draft it"
      disabled={arms.some(({ versionId }) => versionId === "") || holdoutOf(arms) < 0}
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <Field label="Name">
        {(id) => (
          <input
            id={id}
            type="text"
            autoFocus
            required
            maxLength={255}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <ArmsField arms={arms} versions={versions} onChange={setDrawn} />
      {several ? (
        <label className="check">
          <input type="checkbox" checked={bandit} onChange={(event) => setBandit(event.target.checked)} />
          Move users to the arms that look best, once a day (a bandit). For users that come once.
        </label>
      ) : null}
      <Field label="What decides" help="Errors and satisfaction are watched in any case.">
        {(id) => (
          <select id={id} value={goal} onChange={(event) => setGoal(event.target.value as Goal)}>
            {GOALS.map((one) => (
              <option key={one} value={one}>
                {metricWord(one)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label="Least effect worth finding, percent"
        help="Of what the control has. It foresees the end; left empty, what is seen is looked for."
      >
        {(id) => (
          <input
            id={id}
            type="number"
            min={0.1}
            max={1000}
            step="any"
            value={effect}
            onChange={(event) => setEffect(event.target.value)}
          />
        )}
      </Field>
      <Field label="Hypothesis" help="What should get better, and for whom.">
        {(id) => (
          <textarea id={id} value={hypothesis} onChange={(event) => setHypothesis(event.target.value)} />
        )}
      </Field>
    </FormDialog>
  );
}
