import { useCreateAgent } from "@agent-learning/react/query";
import { useNavigate } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Field } from "../../components/field.tsx";

/** A new agent with the guide's thresholds. */
export function CreateAgentDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const navigate = useNavigate();
  const create = useCreateAgent();
  const [slug, setSlug] = useState("");
  const [name, setName] = useState("");
  const submit = (): void => {
    create.mutate(
      { slug, name: name === "" ? undefined : name },
      {
        onSuccess: (agent) => void navigate({ to: "/agents/$agentSlug", params: { agentSlug: agent.slug } }),
      },
    );
  };
  return (
    <FormDialog
      title="New agent"
      verb="Create"
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <Field label="Slug" help="What the SDK calls it: lower-case letters and digits, joined by dashes.">
        {(id) => (
          <input
            id={id}
            type="text"
            autoFocus
            required
            maxLength={100}
            value={slug}
            onChange={(event) => setSlug(event.target.value)}
          />
        )}
      </Field>
      <Field label="Name">
        {(id) => (
          <input
            id={id}
            type="text"
            maxLength={255}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
