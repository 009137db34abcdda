import { useSetLearningBudget } from "@agent-learning/react/query";
import { type JSX, useState } from "react";
import type { LearningBudget } from "../../api/types.ts";
import { Field } from "../../components/field.tsx";
import { FormDialog } from "../../components/form-dialog.tsx";
import { toast } from "../../components/toast.tsx";

const textOf = (limit: number | null): string => (limit === null ? "" : String(limit));
const limitOf = (text: string): number | null => (text.trim() === "" ? null : Number(text));

/** What learning may spend from now on; runs under way are held to it too. */
export function LimitsDialog({
  budget,
  onClose,
}: {
  budget: LearningBudget;
  onClose: () => void;
}): JSX.Element {
  const save = useSetLearningBudget();
  const [days, setDays] = useState(String(budget.periodDays));
  const [calls, setCalls] = useState(textOf(budget.maxCalls));
  const [tokens, setTokens] = useState(textOf(budget.maxTokens));
  const [cost, setCost] = useState(textOf(budget.maxCost));
  const submit = (): void =>
    save.mutate(
      {
        periodDays: Number(days),
        maxCalls: limitOf(calls),
        maxTokens: limitOf(tokens),
        maxCost: limitOf(cost),
      },
      {
        onSuccess: () => {
          onClose();
          toast("The limits are changed.");
        },
      },
    );
  return (
    <FormDialog
      title="What learning may spend"
      verb="Save"
      busy={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <Field label="Days that count" help="A run that asks for more than is left is refused.">
        {(id) => (
          <input
            id={id}
            type="number"
            autoFocus
            required
            min={1}
            max={366}
            value={days}
            onChange={(event) => setDays(event.target.value)}
          />
        )}
      </Field>
      <Limit label="Calls at most" step={1} value={calls} onChange={setCalls} />
      <Limit label="Tokens at most" step={1} value={tokens} onChange={setTokens} />
      <Limit
        label="Cost at most"
        step="any"
        value={cost}
        onChange={setCost}
        help="In the currency of the server’s prices; without prices it cannot be set."
      />
    </FormDialog>
  );
}

function Limit({
  label,
  help = "Empty: no limit.",
  step,
  value,
  onChange,
}: {
  label: string;
  help?: string;
  step: number | "any";
  value: string;
  onChange: (text: string) => void;
}): JSX.Element {
  return (
    <Field label={label} help={help}>
      {(id) => (
        <input
          id={id}
          type="number"
          min={0}
          step={step}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
