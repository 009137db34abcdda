import { useCreateDataset } from "@agent-learning/react/query";
import { useNavigate } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { Agent } from "../../api/types.ts";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Field } from "../../components/field.tsx";

/** A new draft from the approved examples. */
export function CreateDatasetDialog({ agent, onClose }: { agent: Agent; onClose: () => void }): JSX.Element {
  const navigate = useNavigate();
  const create = useCreateDataset();
  const [name, setName] = useState(`${agent.slug}-examples`);
  const [description, setDescription] = useState("");
  const submit = (): void => {
    create.mutate(
      { agentId: agent.slug, name, description: description === "" ? undefined : description },
      { onSuccess: ({ id }) => void navigate({ to: "/datasets/$datasetId", params: { datasetId: id } }) },
    );
  };
  return (
    <FormDialog
      title="New dataset"
      verb="Make it"
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <Field label="Name" help="A further dataset of this name becomes its next version.">
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
      <Field label="Description">
        {(id) => (
          <textarea id={id} value={description} onChange={(event) => setDescription(event.target.value)} />
        )}
      </Field>
      <p className="small soft">
        It takes every approved example that reaches quality {agent.policy.training.minQualityScore}, and
        splits them 80 / 10 / 10 so that no session and no near-duplicate is in two splits.
      </p>
    </FormDialog>
  );
}
