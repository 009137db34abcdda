import { type InputHTMLAttributes, type JSX, useState } from "react";
import type { PromptEvaluator } from "../api/types.ts";
import { Field } from "../components/field.tsx";
import { humanise } from "../format/words.ts";
import {
  draftOf,
  EVALUATOR_WORDS,
  type EvaluatorDraft,
  type EvaluatorKind,
  evaluatorOf,
  readSchema,
} from "./evaluator-draft.ts";

interface EvaluatorFieldsProps {
  value: PromptEvaluator;
  /** Called with whatever the fields say when that is an evaluator; the form itself says what is missing. */
  onChange: (evaluator: PromptEvaluator) => void;
}

interface PartProps {
  draft: EvaluatorDraft;
  set: (change: Partial<EvaluatorDraft>) => void;
}

const ASPECTS = ["decision", "technical_accuracy", "professional_quality", "completeness", "clarity"];

/** How answers are scored: which way, with the settings of that way. */
export function EvaluatorFields({ value, onChange }: EvaluatorFieldsProps): JSX.Element {
  const [draft, setDraft] = useState(() => draftOf(value));
  const set = (change: Partial<EvaluatorDraft>): void => {
    const next = { ...draft, ...change };
    setDraft(next);
    try {
      onChange(evaluatorOf(next));
    } catch {
      // The field with the schema holds the form back, and says why.
    }
  };
  return (
    <>
      <Field label="Answers are scored by" help={EVALUATOR_WORDS[draft.kind][1]}>
        {(id) => (
          <select
            id={id}
            value={draft.kind}
            onChange={(event) => set({ kind: event.target.value as EvaluatorKind })}
          >
            {Object.entries(EVALUATOR_WORDS).map(([kind, [name]]) => (
              <option key={kind} value={kind}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Settings draft={draft} set={set} />
    </>
  );
}

function Settings(props: PartProps): JSX.Element | null {
  switch (props.draft.kind) {
    case "numeric":
      return (
        <>
          <Line {...props} name="absolute" label="May differ by" type="number" min={0} step="any" />
          <Line {...props} name="relative" label="Or by a share of" type="number" min={0} step="any" />
        </>
      );
    case "regex":
      return (
        <>
          <Line {...props} name="pattern" label="Pattern" required maxLength={500} spellCheck={false} />
          <Line
            {...props}
            name="flags"
            label="Flags"
            help="Of i, m, s, u and v; may be left out."
            pattern="[imsuv]{0,4}"
          />
        </>
      );
    case "json_fields":
      return <Fields {...props} />;
    case "json_schema":
      return (
        <>
          <Text {...props} name="schema" label="JSON schema" rows={6} check={schemaFault} />
          <Fields {...props} />
        </>
      );
    case "embedding_similarity":
      return (
        <Line
          {...props}
          name="threshold"
          label="Counts as right from"
          help="0 to 1; left out, the likeness itself is the score."
          type="number"
          min={0.01}
          max={1}
          step="any"
        />
      );
    case "judge":
      return (
        <>
          <Text {...props} name="rubric" label="Rubric" help="When an answer passes." required />
          <Field label="Measured on experts’" help="What of their annotations the rubric is about.">
            {(id) => (
              <select
                id={id}
                value={props.draft.calibrateOn}
                onChange={(event) => props.set({ calibrateOn: event.target.value })}
              >
                {ASPECTS.map((aspect) => (
                  <option key={aspect} value={aspect}>
                    {humanise(aspect)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </>
      );
    case "webhook":
      return (
        <>
          <Line {...props} name="url" label="Address" type="url" required maxLength={2_000} />
          <Line
            {...props}
            name="objectives"
            label="Goals that it scores too"
            help="Separated by commas; may be left out."
          />
        </>
      );
    case "preferences":
      return <Text {...props} name="rubric" label="Rubric" help="Which of two answers is better." required />;
    default:
      return null;
  }
}

function Fields(props: PartProps): JSX.Element {
  return (
    <Text
      {...props}
      name="fields"
      label="Fields"
      help="One on a line, “total = 2” for a weight; left empty, all that are expected."
    />
  );
}

type TextName = Exclude<keyof EvaluatorDraft, "kind">;

function Line({
  draft,
  set,
  name,
  label,
  help,
  ...input
}: PartProps & { name: TextName; label: string; help?: string } & Omit<
    InputHTMLAttributes<HTMLInputElement>,
    "name" | "value" | "onChange"
  >): JSX.Element {
  return (
    <Field label={label} help={help}>
      {(id) => (
        <input
          type="text"
          {...input}
          id={id}
          value={draft[name]}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

function Text({
  draft,
  set,
  name,
  label,
  help,
  rows = 3,
  required = false,
  check = () => "",
}: PartProps & {
  name: TextName;
  label: string;
  help?: string;
  rows?: number;
  required?: boolean;
  /** What is wrong with the text; "": nothing. */
  check?: (text: string) => string;
}): JSX.Element {
  return (
    <Field label={label} help={help}>
      {(id) => (
        <textarea
          id={id}
          rows={rows}
          required={required}
          maxLength={name === "rubric" ? 4_000 : undefined}
          spellCheck={name === "rubric"}
          value={draft[name]}
          onChange={(event) => {
            event.target.setCustomValidity(check(event.target.value));
            set({ [name]: event.target.value });
          }}
        />
      )}
    </Field>
  );
}

function schemaFault(text: string): string {
  try {
    readSchema(text);
    return "";
  } catch {
    return "This is no JSON object.";
  }
}
