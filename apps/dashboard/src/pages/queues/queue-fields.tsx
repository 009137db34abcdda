import type { JSX } from "react";
import { Field } from "../../components/field.tsx";
import { humanise } from "../../format/words.ts";
import { EXAMPLE_TYPES } from "../examples/example-types.ts";
import { ORDERING_WORDS } from "./describe-queue.ts";
import type { QueueDraft } from "./queue-draft.ts";
import "./queues.css";

interface QueueFieldsProps {
  draft: QueueDraft;
  /** The order is chosen once. */
  isNew: boolean;
  onChange: (draft: QueueDraft) => void;
}

/** What a queue takes, from how many people, and what they are told. */
export function QueueFields({ draft, isNew, onChange }: QueueFieldsProps): JSX.Element {
  const set = (change: Partial<QueueDraft>): void => onChange({ ...draft, ...change });
  const text = (name: "domains" | "tags", label: string, placeholder: string): JSX.Element => (
    <Field label={label} help="Separated by commas; empty takes all.">
      {(id) => (
        <input
          id={id}
          type="text"
          placeholder={placeholder}
          value={draft[name]}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  const number = (
    name: "overlap" | "goldShare" | "maxConfidence",
    label: string,
    help: string,
    bounds: { min: number; max: number; step?: string; required?: boolean },
  ): JSX.Element => (
    <Field label={label} help={help}>
      {(id) => (
        <input
          id={id}
          type="number"
          {...bounds}
          value={draft[name]}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <Field label="Name">
        {(id) => (
          <input
            id={id}
            type="text"
            data-first=""
            required
            maxLength={255}
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <fieldset>
        <legend className="strong">Types of example</legend>
        <div className="queue-types">
          {EXAMPLE_TYPES.map((type) => (
            <label key={type} className="check">
              <input
                type="checkbox"
                checked={draft.exampleTypes.includes(type)}
                onChange={({ target }) =>
                  set({
                    exampleTypes: EXAMPLE_TYPES.filter((one) =>
                      one === type ? target.checked : draft.exampleTypes.includes(one),
                    ),
                  })
                }
              />
              {humanise(type)}
            </label>
          ))}
        </div>
        <p className="small faint">None chosen takes all.</p>
      </fieldset>
      <div className="queue-fields">
        {text("domains", "Domains", "tax, payroll")}
        {text("tags", "Tags", "vat")}
        {number("maxConfidence", "Agent at most this sure, percent", "Empty takes all.", {
          min: 0,
          max: 100,
          step: "any",
        })}
        {number("overlap", "People an example", "How many judge each.", { min: 1, max: 10, required: true })}
        {number("goldShare", "Gold, percent", "Claims with a known answer, which measure who annotates.", {
          min: 0,
          max: 100,
          step: "any",
          required: true,
        })}
        {isNew ? (
          <Field label="Order" help="Behind adjudications and what others began.">
            {(id) => (
              <select
                id={id}
                value={draft.ordering}
                onChange={(event) => set({ ordering: event.target.value as QueueDraft["ordering"] })}
              >
                {Object.entries(ORDERING_WORDS).map(([value, words]) => (
                  <option key={value} value={value}>
                    {words}
                  </option>
                ))}
              </select>
            )}
          </Field>
        ) : (
          <Field label="Takes new examples" help="Closed, it is only worked off.">
            {(id) => (
              <select
                id={id}
                value={draft.isActive ? "yes" : "no"}
                onChange={(event) => set({ isActive: event.target.value === "yes" })}
              >
                <option value="yes">Yes</option>
                <option value="no">No</option>
              </select>
            )}
          </Field>
        )}
      </div>
      <Field label="Guidelines" help="Annotators read them beside each example.">
        {(id) => (
          <textarea
            id={id}
            maxLength={20_000}
            value={draft.guidelines}
            onChange={(event) => set({ guidelines: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
