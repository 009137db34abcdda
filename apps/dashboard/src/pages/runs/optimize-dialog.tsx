import { useOptimizePrompt } from "@agent-learning/react/query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { Agent, PromptEvaluator } from "../../api/types.ts";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Field } from "../../components/field.tsx";
import { EvaluatorFields } from "../../evaluators/evaluator-fields.tsx";
import { DatasetField } from "./dataset-field.tsx";

/** What to optimise for, on which dataset, with how much of the model's time. */
export function OptimizeDialog({ agent, onClose }: { agent: Agent; onClose: () => void }): JSX.Element {
  const navigate = useNavigate();
  const optimize = useOptimizePrompt();
  const [datasetId, setDatasetId] = useState("");
  const [goals, setGoals] = useState("accuracy, clarity");
  const [budget, setBudget] = useState("400");
  // What the agent's own runs are scored by.
  const [evaluator, setEvaluator] = useState<PromptEvaluator>(agent.policy.promptLearning.evaluator);
  const submit = (): void => {
    const optimizationGoals = goals
      .split(",")
      .map((goal) => goal.trim())
      .filter((goal) => goal !== "");
    optimize.mutate(
      {
        agentId: agent.slug,
        optimizationGoals,
        evaluator,
        budgetCalls: Number(budget),
        datasetId: datasetId === "" ? undefined : datasetId,
      },
      { onSuccess: ({ id }) => void navigate({ to: "/runs/$runId", params: { runId: id } }) },
    );
  };
  return (
    <FormDialog
      title="Optimise the prompt"
      verb="Start"
      busy={optimize.isPending}
      error={optimize.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <DatasetField
        agent={agent.slug}
        value={datasetId}
        onChange={setDatasetId}
        none="The newest frozen one"
        help="What candidates are scored and judged on."
        autoFocus
      />
      <Field label="Goals" help="Separated by commas.">
        {(id) => (
          <input
            id={id}
            type="text"
            required
            value={goals}
            onChange={(event) => setGoals(event.target.value)}
          />
        )}
      </Field>
      <EvaluatorFields value={evaluator} onChange={setEvaluator} />
      <Field
        label="Calls to the model at most"
        help={
          <>
            The built-in demonstrations agent needs none. <Link to="/budget">What is left</Link>
          </>
        }
      >
        {(id) => (
          <input
            id={id}
            type="number"
            min={1}
            max={1_000_000}
            required
            value={budget}
            onChange={(event) => setBudget(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
