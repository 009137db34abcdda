import { useCreateVersion } from "@agent-learning/react/query";
import { useNavigate } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { AgentVersion } from "../../api/types.ts";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Field } from "../../components/field.tsx";
import { humanise } from "../../format/words.ts";

interface EditVersionDialogProps {
  version: AgentVersion;
  agentSlug: string;
  onClose: () => void;
}

/** Texts changed by hand become a version of their own; a version itself never changes. */
export function EditVersionDialog({ version, agentSlug, onClose }: EditVersionDialogProps): JSX.Element {
  const navigate = useNavigate();
  const create = useCreateVersion();
  const before = version.config.components;
  const [components, setComponents] = useState<Record<string, string>>(
    Object.keys(before).length === 0 ? { system_prompt: "" } : { ...before },
  );
  const [changeSummary, setChangeSummary] = useState("");
  const changed = Object.entries(components).some(([name, text]) => text !== (before[name] ?? ""));
  const submit = (): void => {
    create.mutate(
      {
        agentId: agentSlug,
        config: { ...version.config, components },
        parentVersionId: version.id,
        changeSummary,
      },
      {
        onSuccess: ({ id }) => {
          onClose();
          void navigate({
            to: "/agents/$agentSlug/versions/$versionId",
            params: { agentSlug, versionId: id },
          });
        },
      },
    );
  };
  return (
    <FormDialog
      title={`A new version after version ${version.number}`}
      verb="Make the version"
      disabled={!changed}
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={submit}
    >
      {Object.entries(components).map(([name, text]) => (
        <Field key={name} label={humanise(name)}>
          {(id) => (
            <textarea
              id={id}
              rows={8}
              value={text}
              onChange={(event) => setComponents({ ...components, [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
      <Field label="What changes, and why" help="Whoever reviews it reads this first.">
        {(id) => (
          <input
            id={id}
            type="text"
            required
            maxLength={2_000}
            value={changeSummary}
            onChange={(event) => setChangeSummary(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
