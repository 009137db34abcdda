import { useDatasets } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { Field } from "../../components/field.tsx";

interface DatasetFieldProps {
  /** The agent's slug. */
  agent: string;
  /** The chosen dataset's id; "" for none. */
  value: string;
  onChange: (id: string) => void;
  /** What it means to choose none. */
  none: string;
  help: string;
  required?: boolean;
  autoFocus?: boolean;
}

/** Chooses one of an agent's frozen datasets; says where to make one when there is none. */
export function DatasetField(props: DatasetFieldProps): JSX.Element {
  const { agent, value, onChange, none, help, required, autoFocus } = props;
  const frozen = useDatasets(agent, { status: "frozen", limit: 50 });
  return (
    <Field
      label="Dataset"
      help={
        frozen.data?.length === 0 ? (
          <>
            There is no frozen dataset yet: <Link to="/datasets">make one</Link>.
          </>
        ) : (
          help
        )
      }
    >
      {(id) => (
        <select
          id={id}
          required={required}
          autoFocus={autoFocus}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        >
          <option value="">{none}</option>
          {frozen.data?.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} {one.version}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
