import { useUpdateAgent } from "@agent-learning/react/query";
import { type JSX, useState } from "react";
import type { Agent } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Field } from "../../components/field.tsx";
import { toast } from "../../components/toast.tsx";

/** What an agent is called and what it learns from; refused when somebody else changed it meanwhile. */
export function AgentSettingsDialog({ agent, onClose }: { agent: Agent; onClose: () => void }): JSX.Element {
  const update = useUpdateAgent();
  const [name, setName] = useState(agent.name);
  const [description, setDescription] = useState(agent.description ?? "");
  const [config, setConfig] = useState(agent.config);
  const collection = config.feedback_collection;
  const collect = (change: Partial<typeof collection>): void =>
    setConfig({ ...config, feedback_collection: { ...collection, ...change } });
  const change = (
    fields: Omit<Parameters<typeof update.mutate>[0], "agentId" | "version">,
    done: string,
  ): void =>
    update.mutate(
      { agentId: agent.slug, version: agent.version, ...fields },
      {
        onSuccess: () => {
          onClose();
          toast(done);
        },
      },
    );
  const submit = (): void => {
    change(
      { name, description: description.trim() === "" ? null : description, config },
      "The agent is changed.",
    );
  };
  const archived = agent.archivedAt !== null;
  return (
    <FormDialog
      title={`Change ${agent.slug}`}
      verb="Save"
      busy={update.isPending}
      error={update.error}
      actions={
        <Button
          kind={archived ? "plain" : "danger"}
          busy={update.isPending}
          onClick={() =>
            change(
              { archived: !archived },
              archived ? "The agent is back." : "Archived: it takes no evidence any more.",
            )
          }
        >
          {archived ? "Bring it back" : "Archive"}
        </Button>
      }
      onClose={onClose}
      onSubmit={submit}
    >
      <Field label="Name">
        {(id) => (
          <input
            id={id}
            type="text"
            required
            maxLength={255}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label="Description">
        {(id) => (
          <textarea id={id} value={description} onChange={(event) => setDescription(event.target.value)} />
        )}
      </Field>
      <fieldset className="stack-tight">
        <legend className="strong">What it learns from</legend>
        <Check
          label="It learns; off, evidence is kept and nothing is learned from it"
          checked={config.learning_enabled}
          onChange={(checked) => setConfig({ ...config, learning_enabled: checked })}
        />
        <Check
          label="Votes and ratings become examples"
          checked={collection.auto_collect}
          onChange={(checked) => collect({ auto_collect: checked })}
        />
        <Check
          label="Corrections become examples"
          checked={collection.collect_corrections}
          onChange={(checked) => collect({ collect_corrections: checked })}
        />
      </fieldset>
      <Field label="Stars that make a positive example">
        {(id) => (
          <input
            id={id}
            type="number"
            min={1}
            max={5}
            required
            value={collection.min_rating_for_positive}
            onChange={(event) => collect({ min_rating_for_positive: event.target.valueAsNumber })}
          />
        )}
      </Field>
    </FormDialog>
  );
}

function Check({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}): JSX.Element {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
